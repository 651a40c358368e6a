import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  admin,
  CLIENT_ID,
  CODE_CHALLENGE,
  CODE_VERIFIER,
  claimsOf,
  codeOf,
  errorOf,
  requestToken,
  signIn,
  startEmulator,
  tokensOf,
} from './support.js';

const PKCE = { code_challenge: CODE_CHALLENGE, code_challenge_method: 'S256' };

test('a scope without a resource gives no access token', async (t) => {
  const emulator = await startEmulator(t);
  const answer = await tokensOf(emulator, 'B2C_1_susi', { parameters: { scope: 'openid' } });
  assert.deepEqual(Object.keys(answer), [
    'id_token',
    'token_type',
    'not_before',
    'id_token_expires_in',
    'profile_info',
    'scope',
  ]);
});

test('a scope with the client ID gives an access token for the client', async (t) => {
  const emulator = await startEmulator(t);
  const answer = await tokensOf(emulator);
  assert.deepEqual(Object.keys(answer), [
    'access_token',
    'id_token',
    'token_type',
    'not_before',
    'expires_in',
    'expires_on',
    'resource',
    'id_token_expires_in',
    'profile_info',
    'scope',
    'refresh_token',
    'refresh_token_expires_in',
  ]);
  assert.equal(answer['scope'], `${CLIENT_ID} offline_access openid`);
  assert.equal(claimsOf(answer['access_token'])['aud'], CLIENT_ID);
});

test('the scope of an API gives an access token for the API', async (t) => {
  const emulator = await startEmulator(t);
  const scope = 'openid https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read';
  const answer = await tokensOf(emulator, 'B2C_1_susi', { parameters: { scope } });
  const claims = claimsOf(answer['access_token']);
  assert.equal(claims['aud'], 'f0b6e55f-0000-4000-8000-00000000a002');
  assert.equal(claims['scp'], 'tasks.read');
  assert.equal(claims['azp'], CLIENT_ID);
});

test('the token has a nonce only if the request had one', async (t) => {
  const emulator = await startEmulator(t);
  const answer = await tokensOf(emulator, 'B2C_1_susi', { parameters: { nonce: undefined } });
  assert.ok(!('nonce' in claimsOf(answer['id_token'])));
});

test('client_secret_basic accepts form-encoded values', async (t) => {
  const applications = [{ id: CLIENT_ID, secrets: ['a+b %:c'] }];
  const emulator = await startEmulator(t, { applications });
  const code = codeOf(await signIn(emulator));
  const credentials = `${CLIENT_ID}:${encodeURIComponent('a+b %:c')}`;
  const { status } = await requestToken(
    emulator,
    'B2C_1_susi',
    { code, client_id: undefined, client_secret: undefined },
    { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  );
  assert.equal(status, 200);
});

test('client_info names account and policy if requested', async (t) => {
  const emulator = await startEmulator(t);
  const code = codeOf(await signIn(emulator));
  const { body } = await requestToken(emulator, 'B2C_1_susi', { code, client_info: '1' });
  const info = JSON.parse(Buffer.from(String(body['client_info']), 'base64url').toString());
  assert.equal(info.uid, 'f0b6e55f-0000-4000-8000-00000000e001-b2c_1_susi');
});

test('a refresh token gives new tokens and a new refresh token', async (t) => {
  const emulator = await startEmulator(t);
  const first = await tokensOf(emulator);
  const { status, body } = await requestToken(emulator, 'B2C_1_susi', {
    grant_type: 'refresh_token',
    refresh_token: String(first['refresh_token']),
  });
  assert.equal(status, 200);
  assert.notEqual(body['refresh_token'], first['refresh_token']);
  assert.equal(claimsOf(body['id_token'])['sub'], claimsOf(first['id_token'])['sub']);
});

const refusals: Record<string, [Record<string, string | undefined>, string]> = {
  'no grant type': [{ grant_type: undefined }, 'invalid_request AADB2C90083'],
  'an unknown grant type': [{ grant_type: 'magic' }, 'unsupported_grant_type AADB2C90086'],
  'an unknown client': [{ client_id: 'unknown' }, 'invalid_request AADB2C90018'],
  'no secret': [{ client_secret: undefined }, 'invalid_request AADB2C90079'],
  'a wrong secret': [{ client_secret: 'wrong' }, 'invalid_client AADB2C90081'],
  'no code': [{ code: undefined }, 'invalid_request AADB2C90083'],
  'an unknown code': [{ code: 'garbage' }, 'invalid_grant AADB2C90085'],
  'another redirect URI': [{ redirect_uri: 'http://localhost/x' }, 'invalid_grant AADB2C90006'],
  'no code verifier': [{ code_verifier: undefined }, 'invalid_grant AADB2C90183'],
  'a wrong code verifier': [{ code_verifier: 'w'.repeat(43) }, 'invalid_grant AADB2C90182'],
  'an unknown scope': [{ scope: 'User.Read' }, 'invalid_request AADB2C90117'],
};
for (const [what, [change, expected]] of Object.entries(refusals)) {
  test(`a token request with ${what} is rejected with ${expected}`, async (t) => {
    const emulator = await startEmulator(t);
    const code = codeOf(await signIn(emulator, 'B2C_1_susi', { parameters: PKCE }));
    const parameters = { code, code_verifier: CODE_VERIFIER, ...change };
    const { status, body } = await requestToken(emulator, 'B2C_1_susi', parameters);
    assert.equal(status, 400);
    assert.deepEqual(Object.keys(body), ['error', 'error_description']);
    assert.equal(errorOf(body), expected);
    assert.match(
      String(body['error_description']),
      /\r\nCorrelation ID: [0-9a-f-]{36}\r\nTimestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\r\n$/,
    );
  });
}

test('a code can be used once', async (t) => {
  const emulator = await startEmulator(t);
  const code = codeOf(await signIn(emulator));
  await requestToken(emulator, 'B2C_1_susi', { code });
  const { body } = await requestToken(emulator, 'B2C_1_susi', { code });
  assert.match(String(body['error_description']), /^AADB2C90129/);
});

test('code and refresh token are valid at their policy only', async (t) => {
  const emulator = await startEmulator(t);
  const code = codeOf(await signIn(emulator));
  const refreshToken = String((await tokensOf(emulator))['refresh_token']);
  for (const grant of [{ code }, { grant_type: 'refresh_token', refresh_token: refreshToken }]) {
    const { body } = await requestToken(emulator, 'B2C_1_reset', grant);
    assert.match(String(body['error_description']), /^AADB2C90088.*B2C_1_reset.*B2C_1_susi/);
  }
});

test('a code expires after ten minutes', async (t) => {
  const emulator = await startEmulator(t);
  const code = codeOf(await signIn(emulator));
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 601 });
  const { body } = await requestToken(emulator, 'B2C_1_susi', { code });
  assert.match(String(body['error_description']), /^AADB2C90080: .*\d{10}/);
});

test('a code is invalid after its account is deleted', async (t) => {
  const emulator = await startEmulator(t);
  const code = codeOf(await signIn(emulator));
  await admin(emulator, 'DELETE', 'accounts/f0b6e55f-0000-4000-8000-00000000e001');
  const { body } = await requestToken(emulator, 'B2C_1_susi', { code });
  assert.match(String(body['error_description']), /^AADB2C90128/);
});

test('with numbersAsStrings, numbers are strings', async (t) => {
  const policies = [{ name: 'B2C_1_susi', numbersAsStrings: true }];
  const emulator = await startEmulator(t, { policies });
  assert.equal((await tokensOf(emulator))['expires_in'], '3600');
});

test('a body that is not a form is rejected', async (t) => {
  const { authority } = await startEmulator(t);
  const url = `${authority}/B2C_1_susi/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', body: '{}', headers });
  assert.equal(answer.status, 415);
});
