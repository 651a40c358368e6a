import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  CLIENT_ID,
  claimsOf,
  errorOf,
  requestToken,
  signIn,
  startEmulator,
  tokensOf,
} from './support.js';

const applications = [
  { id: CLIENT_ID, secrets: ['emulator-secret'], implicit: { idToken: true, accessToken: true } },
];
const halfHash = (value: string) =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');

const combinations: Record<string, string[]> = {
  'code id_token': ['code', 'id_token'],
  'code token': ['code', 'access_token', 'token_type', 'expires_in'],
  'code id_token token': ['code', 'access_token', 'token_type', 'expires_in', 'id_token'],
  id_token: ['id_token'],
  'id_token token': ['access_token', 'token_type', 'expires_in', 'id_token'],
  token: ['access_token', 'token_type', 'expires_in'],
  'token id_token': ['access_token', 'token_type', 'expires_in', 'id_token'],
};
for (const [responseType, members] of Object.entries(combinations)) {
  test(`${responseType} is returned in the fragment, with c_hash and at_hash`, async (t) => {
    const emulator = await startEmulator(t, { applications });
    const parameters = { response_type: responseType };
    const location = await signIn(emulator, 'B2C_1_susi', { parameters });
    assert.equal(location.search, '');
    const answer = new URLSearchParams(location.hash.slice(1));
    assert.deepEqual([...answer.keys()], [...members, 'state']);
    const idToken = answer.get('id_token');
    if (!idToken) return;
    const { nonce, c_hash: cHash, at_hash: atHash } = claimsOf(idToken);
    assert.equal(nonce, 'the-nonce');
    const code = answer.get('code');
    const accessToken = answer.get('access_token');
    assert.equal(cHash, code === null ? undefined : halfHash(code));
    assert.equal(atHash, accessToken === null ? undefined : halfHash(accessToken));
  });
}

test('code id_token with form_post, as Microsoft.Identity.Web requests, returns a valid code', async (t) => {
  const emulator = await startEmulator(t, { applications });
  const url = new URL(`${emulator.authority}/B2C_1_susi/oauth2/v2.0/authorize`);
  for (const [name, value] of Object.entries({
    client_id: CLIENT_ID,
    response_type: 'code id_token',
    response_mode: 'form_post',
    redirect_uri: 'http://localhost:3000/auth/redirect',
    scope: `openid offline_access ${CLIENT_ID}`,
    nonce: 'n',
  })) {
    url.searchParams.set(name, value);
  }
  const answer = await fetch(`${emulator.url}/_emulator/authorize`, {
    method: 'POST',
    body: JSON.stringify({ url: url.href, as: 'alice@example.com' }),
  });
  const { form } = (await answer.json()) as { form: { code: string; id_token: string } };
  const { status } = await requestToken(emulator, 'B2C_1_susi', { code: form.code });
  assert.equal(status, 200);
  assert.equal(claimsOf(form.id_token)['c_hash'], halfHash(form.code));
});

test('ID tokens of the token endpoint have no at_hash and no c_hash', async (t) => {
  const claims = claimsOf((await tokensOf(await startEmulator(t)))['id_token']);
  assert.ok(!('at_hash' in claims) && !('c_hash' in claims));
});

const refused: Record<string, [Record<string, string | undefined>, string]> = {
  'an ID token without nonce': [
    { response_type: 'id_token', nonce: undefined },
    'invalid_request AADB2C90083',
  ],
  'an ID token without openid': [
    { response_type: 'id_token', scope: CLIENT_ID },
    'invalid_request AADB2C90110',
  ],
  'an access token without a resource': [
    { response_type: 'token', scope: 'openid' },
    'invalid_request AADB2C90055',
  ],
};
for (const [what, [change, expected]] of Object.entries(refused)) {
  test(`${what} is rejected`, async (t) => {
    const emulator = await startEmulator(t, { applications });
    const location = await signIn(emulator, 'B2C_1_susi', { parameters: change });
    assert.equal(errorOf(new URLSearchParams(location.hash.slice(1))), expected);
  });
}

test('ID tokens and access tokens are allowed independently', async (t) => {
  const emulator = await startEmulator(t, {
    applications: [{ id: CLIENT_ID, secrets: ['s'], implicit: { idToken: true } }],
  });
  const errorFor = async (type: string) => {
    const location = await signIn(emulator, 'B2C_1_susi', { parameters: { response_type: type } });
    return new URLSearchParams(location.hash.slice(1)).get('error');
  };
  assert.equal(await errorFor('id_token'), null);
  assert.equal(await errorFor('token id_token'), 'unauthorized_client');
});
