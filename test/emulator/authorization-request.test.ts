import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationUrl, errorOf, REDIRECT_URI, startEmulator } from './support.js';

type Parameters = Record<string, string | undefined>;

const onAPage: Record<string, [Parameters, RegExp]> = {
  'no client id': [{ client_id: undefined }, /AADB2C90008/],
  'an unknown client': [{ client_id: 'nobody' }, /AADB2C90018.*nobody.*fabrikamb2c/],
  'a client without redirect URIs': [
    { client_id: 'f0b6e55f-0000-4000-8000-00000000a002' },
    /AADB2C90007/,
  ],
  'no redirect URI': [{ redirect_uri: undefined }, /AADB2C90083/],
  'a redirect URI that is none': [{ redirect_uri: 'nowhere' }, /AADB2C90287/],
  markup: [{ extra: '<script>' }, /AADB2C90122/],
};
for (const [what, [change, expected]] of Object.entries(onAPage)) {
  test(`an authorization request with ${what} ends on a page`, async (t) => {
    const emulator = await startEmulator(t);
    const url = authorizationUrl(emulator, 'B2C_1_susi', change);
    const answer = await fetch(url, { redirect: 'manual' });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), expected);
  });
}

const told: Record<string, [Parameters, string]> = {
  'an unregistered redirect URI': [
    { redirect_uri: 'https://evil.example/' },
    'redirect_uri_mismatch AADB2C90006',
  ],
  'no scope': [{ scope: undefined }, 'invalid_request AADB2C90010'],
  'an unknown scope': [{ scope: 'openid User.Read' }, 'invalid_request AADB2C90117'],
  'nothing to grant': [{ scope: 'offline_access' }, 'invalid_request AADB2C90115'],
  'an unknown response type': [
    { response_type: 'magic', response_mode: 'query' },
    'unsupported_response_type AADB2C90013',
  ],
  'an implicit response type': [
    { response_type: 'id_token', response_mode: 'query' },
    'unauthorized_client AADB2C90057',
  ],
  'an unknown response mode': [{ response_mode: 'pigeon' }, 'invalid_request AADB2C90014'],
  'an unknown prompt': [{ prompt: 'please' }, 'invalid_request AADB2C90043'],
  'a bad max_age': [{ max_age: 'old' }, 'invalid_request AADB2C90120'],
  'an unknown challenge method': [
    { code_challenge: 'x', code_challenge_method: 'S512' },
    'invalid_request AADB2C90184',
  ],
};
for (const [what, [change, expected]] of Object.entries(told)) {
  test(`an authorization request with ${what} is told to the application`, async (t) => {
    const emulator = await startEmulator(t);
    const url = authorizationUrl(emulator, 'B2C_1_susi', change);
    const answer = await fetch(url, { redirect: 'manual' });
    assert.equal(answer.status, 302);
    const location = new URL(answer.headers.get('location') ?? '');
    assert.equal(location.origin + location.pathname, REDIRECT_URI);
    assert.equal(errorOf(location.searchParams), expected);
    assert.equal(location.searchParams.get('state'), 'the-state');
  });
}

test('parameters that B2C does not know are ignored', async (t) => {
  const emulator = await startEmulator(t);
  const unknown = { claims: '{"access_token":{"xms_cc":{"values":["CP1"]}}}', client_info: '1' };
  const answer = await fetch(authorizationUrl(emulator, 'B2C_1_susi', unknown));
  assert.equal(answer.status, 200);
});

test('redirect URIs are compared byte by byte once a list is configured', async (t) => {
  const applications = [{ id: 'web', secrets: ['s'], redirectUris: [REDIRECT_URI] }];
  const emulator = await startEmulator(t, { applications });
  const other = { client_id: 'web', scope: 'openid', redirect_uri: `${REDIRECT_URI}/` };
  const url = authorizationUrl(emulator, 'B2C_1_susi', other);
  const answer = await fetch(url, { redirect: 'manual' });
  assert.match(answer.headers.get('location') ?? '', /\?error=redirect_uri_mismatch&/);
});
