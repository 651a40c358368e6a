import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  authorizationUrl,
  CLIENT_ID,
  claimsOf,
  errorOf,
  REDIRECT_URI,
  startEmulator,
  tokensOf,
} from './support.js';

type Parameters = Record<string, string | undefined>;

const errorPages: Record<string, [Parameters, RegExp]> = {
  'no client id': [{ client_id: undefined }, /AADB2C90008/],
  'an unknown client': [{ client_id: 'unknown' }, /AADB2C90018.*unknown.*fabrikamb2c/],
  'a client without redirect URIs': [
    { client_id: 'f0b6e55f-0000-4000-8000-00000000a002' },
    /AADB2C90007/,
  ],
  'a client that is disabled': [{ client_id: 'disabled' }, /AADB2C90092.*disabled/],
  'a client for accounts of an organization': [{ client_id: 'work' }, /AADB2C90068.*work/],
  'no redirect URI': [{ redirect_uri: undefined }, /AADB2C90083/],
  'an invalid redirect URI': [{ redirect_uri: 'nowhere' }, /AADB2C90287/],
  markup: [{ extra: '<script>' }, /AADB2C90122/],
};
const APPLICATIONS = [
  {
    id: CLIENT_ID,
    redirectUris: [REDIRECT_URI],
    permissions: ['https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read'],
  },
  {
    id: 'f0b6e55f-0000-4000-8000-00000000a002',
    redirectUris: [],
    api: {
      uri: 'https://fabrikamb2c.onmicrosoft.com/tasks-api',
      scopes: ['tasks.read', 'tasks.write'],
    },
  },
  { id: 'disabled', disabled: true },
  { id: 'work', wrongAccountType: true },
  { id: 'spa', type: 'spa' as const },
];
for (const [what, [change, expected]] of Object.entries(errorPages)) {
  test(`an authorization request with ${what} shows an error page`, async (t) => {
    const emulator = await startEmulator(t, { applications: APPLICATIONS });
    const url = authorizationUrl(emulator, 'B2C_1_susi', change);
    const answer = await fetch(url, { redirect: 'manual' });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), expected);
  });
}

const errorResponses: Record<string, [Parameters, string]> = {
  'an unregistered redirect URI': [
    { redirect_uri: 'https://evil.example/' },
    'redirect_uri_mismatch AADB2C90006',
  ],
  'no scope': [{ scope: undefined }, 'invalid_request AADB2C90010'],
  'an unknown scope': [{ scope: 'openid User.Read' }, 'invalid_request AADB2C90117'],
  'an illegal character in the scope': [{ scope: 'openid "read"' }, 'invalid_request AADB2C99005'],
  'two resources': [
    {
      scope: `openid ${CLIENT_ID} https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read`,
    },
    'invalid_request AADB2C90146',
  ],
  'a scope that the client has no permission for': [
    { scope: 'openid https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.write' },
    'unauthorized_client AADB2C90205',
  ],
  'no challenge from a single-page application': [
    { client_id: 'spa', scope: 'openid spa' },
    'invalid_request AADB2C99059',
  ],
  'a scope that grants nothing': [{ scope: 'offline_access' }, 'invalid_request AADB2C90115'],
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
  'an invalid max_age': [{ max_age: 'old' }, 'invalid_request AADB2C90120'],
  'an unknown challenge method': [
    { code_challenge: 'x', code_challenge_method: 'S512' },
    'invalid_request AADB2C90184',
  ],
};
for (const [what, [change, expected]] of Object.entries(errorResponses)) {
  test(`an authorization request with ${what} returns an error to the application`, async (t) => {
    const emulator = await startEmulator(t, { applications: APPLICATIONS });
    const url = authorizationUrl(emulator, 'B2C_1_susi', change);
    const answer = await fetch(url, { redirect: 'manual' });
    assert.equal(answer.status, 302);
    const location = new URL(answer.headers.get('location') ?? '');
    assert.equal(location.origin + location.pathname, REDIRECT_URI);
    assert.equal(errorOf(location.searchParams), expected);
    assert.equal(location.searchParams.get('state'), 'the-state');
  });
}

test('unknown parameters are ignored', async (t) => {
  const emulator = await startEmulator(t);
  const unknown = { claims: '{"access_token":{"xms_cc":{"values":["CP1"]}}}', client_info: '1' };
  const answer = await fetch(authorizationUrl(emulator, 'B2C_1_susi', unknown));
  assert.equal(answer.status, 200);
});

test('configured redirect URIs are compared byte by byte', async (t) => {
  const applications = [{ id: 'web', secrets: ['s'], redirectUris: [REDIRECT_URI] }];
  const emulator = await startEmulator(t, { applications });
  const other = { client_id: 'web', scope: 'openid', redirect_uri: `${REDIRECT_URI}/` };
  const url = authorizationUrl(emulator, 'B2C_1_susi', other);
  const answer = await fetch(url, { redirect: 'manual' });
  assert.match(answer.headers.get('location') ?? '', /\?error=redirect_uri_mismatch&/);
});

test('with redirectUriMismatch "page", an unregistered redirect URI shows an error page', async (t) => {
  const emulator = await startEmulator(t, { behavior: { redirectUriMismatch: 'page' } });
  const other = { redirect_uri: 'https://evil.example/' };
  const answer = await fetch(authorizationUrl(emulator, 'B2C_1_susi', other), {
    redirect: 'manual',
  });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /AADB2C90006.*evil\.example/);
});

test('scopes without permission are dropped if others remain', async (t) => {
  const [web, ...others] = APPLICATIONS;
  const applications = [{ ...web, id: CLIENT_ID, secrets: ['emulator-secret'] }, ...others];
  const emulator = await startEmulator(t, { applications });
  const api = 'https://fabrikamb2c.onmicrosoft.com/tasks-api';
  const scope = `openid ${api}/tasks.read ${api}/tasks.write`;
  const answer = await tokensOf(emulator, 'B2C_1_susi', { parameters: { scope } });
  assert.equal(claimsOf(answer['access_token'])['scp'], 'tasks.read');
});

test('an authorization request can be a POST', async (t) => {
  const emulator = await startEmulator(t);
  const url = new URL(authorizationUrl(emulator));
  const answer = await fetch(url.origin + url.pathname, { method: 'POST', body: url.searchParams });
  assert.match(await answer.text(), /id="localAccountForm"/);
});
