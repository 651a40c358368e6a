/** Refresh tokens, client credentials and the password grant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import {
  ALICE,
  admin,
  CLIENT_ID,
  claimsOf,
  codeOf,
  errorOf,
  type Json,
  PASSWORD,
  requestToken,
  signIn,
  startEmulator,
  tokensOf,
} from './support.js';

const ALICE_PATH = 'accounts/f0b6e55f-0000-4000-8000-00000000e001';
const API_SCOPE = 'https://fabrikamb2c.onmicrosoft.com/tasks-api/.default';
const withoutCode = { redirect_uri: undefined };

const refresh = (emulator: Emulator, token: unknown, more = {}) =>
  requestToken(emulator, 'B2C_1_susi', {
    grant_type: 'refresh_token',
    refresh_token: String(token),
    ...more,
  });

test('client credentials give an access token for the application', async (t) => {
  const emulator = await startEmulator(t);
  const grant = { grant_type: 'client_credentials', scope: API_SCOPE, ...withoutCode };
  const { status, body } = await requestToken(emulator, 'B2C_1_susi', grant);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), [
    'access_token',
    'token_type',
    'not_before',
    'expires_in',
    'expires_on',
    'resource',
  ]);
  const claims = claimsOf(body['access_token']);
  assert.equal(claims['aud'], 'f0b6e55f-0000-4000-8000-00000000a002');
  assert.equal(claims['azp'], CLIENT_ID);
  assert.equal(claims['scp'], 'tasks.admin');
  assert.match(String(claims['sub']), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

const badClientCredentials: Record<string, [Json, string]> = {
  'no scope': [{}, 'invalid_request AADB2C90083'],
  'a scope that is not .default': [
    { scope: 'https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read' },
    'invalid_request AADB2C90117',
  ],
  'a public client': [
    {
      scope: API_SCOPE,
      client_id: 'f0b6e55f-0000-4000-8000-00000000a003',
      client_secret: undefined,
    },
    'unsupported_grant_type AADB2C90086',
  ],
};
for (const [what, [change, expected]] of Object.entries(badClientCredentials)) {
  test(`client credentials with ${what} are rejected`, async (t) => {
    const emulator = await startEmulator(t);
    const grant = { grant_type: 'client_credentials', ...withoutCode, ...change };
    const { body } = await requestToken(emulator, 'B2C_1_susi', grant);
    assert.equal(errorOf(body), expected);
  });
}

const passwordGrant = {
  grant_type: 'password',
  username: ALICE,
  password: PASSWORD,
  scope: `openid offline_access ${CLIENT_ID}`,
  ...withoutCode,
};
const ROPC = { policies: [{ name: 'B2C_1_ropc', kind: 'passwordGrant' as const }] };

test('a policy of the kind passwordGrant accepts user name and password', async (t) => {
  const emulator = await startEmulator(t, ROPC);
  const { status, body } = await requestToken(emulator, 'B2C_1_ropc', passwordGrant);
  assert.equal(status, 200);
  assert.deepEqual(claimsOf(body['id_token'])['emails'], [ALICE]);
  assert.ok(body['refresh_token']);
});

test('it rejects a wrong password with AADB2C90225, and has no pages', async (t) => {
  const emulator = await startEmulator(t, ROPC);
  const wrong = { ...passwordGrant, password: 'wrong' };
  const { body } = await requestToken(emulator, 'B2C_1_ropc', wrong);
  assert.equal(errorOf(body), 'access_denied AADB2C90225');
  const base = `${emulator.authority}/B2C_1_ropc`;
  assert.equal((await fetch(`${base}/oauth2/v2.0/authorize`)).status, 404);
  const discovery = await fetch(`${base}/v2.0/.well-known/openid-configuration`);
  assert.ok(!('end_session_endpoint' in ((await discovery.json()) as Json)));
});

test('other policies reject the password grant with AADB2C90224', async (t) => {
  const emulator = await startEmulator(t);
  const { body } = await requestToken(emulator, 'B2C_1_susi', passwordGrant);
  assert.equal(errorOf(body), 'access_denied AADB2C90224');
});

test('a new password and a disabled account revoke refresh tokens (AADB2C90129)', async (t) => {
  const emulator = await startEmulator(t);
  const first = await tokensOf(emulator);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 1 });
  await admin(emulator, 'PATCH', ALICE_PATH, { password: 'Another#1' });
  assert.equal(
    errorOf((await refresh(emulator, first['refresh_token'])).body),
    'invalid_grant AADB2C90129',
  );
  const second = await tokensOf(emulator);
  await admin(emulator, 'PATCH', ALICE_PATH, { disabled: true });
  assert.equal(
    errorOf((await refresh(emulator, second['refresh_token'])).body),
    'invalid_grant AADB2C90129',
  );
});

test('an expired refresh token and an unknown one get different errors', async (t) => {
  const policies = [{ name: 'B2C_1_susi', refreshTokenLifetimeDays: 1 }];
  const emulator = await startEmulator(t, { policies });
  const { refresh_token: token } = await tokensOf(emulator);
  assert.equal((await refresh(emulator, token)).status, 200);
  await admin(emulator, 'POST', 'clock', { offsetSeconds: 86_401 });
  assert.equal(errorOf((await refresh(emulator, token)).body), 'invalid_grant AADB2C90080');
  assert.equal(errorOf((await refresh(emulator, 'garbage')).body), 'invalid_grant AADB2C90085');
});

test('a refresh token can be used again unless the policy requires single use', async (t) => {
  const policies = [{ name: 'B2C_1_susi' }, { name: 'B2C_1_strict', singleUseRefreshTokens: true }];
  const emulator = await startEmulator(t, { policies });
  for (const [policy, expected] of [
    ['B2C_1_susi', 200],
    ['B2C_1_strict', 400],
  ] as const) {
    const { refresh_token: token } = await tokensOf(emulator, policy);
    const grant = { grant_type: 'refresh_token', refresh_token: String(token) };
    await requestToken(emulator, policy, grant);
    assert.equal((await requestToken(emulator, policy, grant)).status, expected);
  }
});

test('reuse of a single-use refresh token revokes all refresh tokens of its sign-in, and no others', async (t) => {
  const policies = [{ name: 'B2C_1_susi', singleUseRefreshTokens: true }];
  const emulator = await startEmulator(t, { policies });
  const first = await tokensOf(emulator);
  const { refresh_token: other } = await tokensOf(emulator);
  const second = (await refresh(emulator, first['refresh_token'])).body;
  assert.equal((await refresh(emulator, first['refresh_token'])).status, 400);
  assert.equal(
    errorOf((await refresh(emulator, second['refresh_token'])).body),
    'invalid_grant AADB2C90129',
  );
  assert.equal((await refresh(emulator, other)).status, 200);
  const { counts } = (await admin(emulator, 'GET', 'requests')).body;
  assert.equal((counts as Record<string, number>)['reused'], 2);
});

test('a refreshed token repeats the claims of the sign-in unless the policy has current claims', async (t) => {
  const policies = [
    { name: 'B2C_1_susi' },
    { name: 'B2C_1A_susi', refreshedClaims: 'current' as const },
  ];
  const emulator = await startEmulator(t, { policies });
  for (const [policy, expected] of [
    ['B2C_1_susi', { name: 'Alice Example', role: 'admin' }],
    ['B2C_1A_susi', { name: 'Alice Liddell', role: undefined }],
  ] as const) {
    const set = (changes: Json) => admin(emulator, 'PATCH', ALICE_PATH, changes);
    await set({ displayName: 'Alice Example', claims: { role: 'admin' } });
    const { refresh_token: token } = await tokensOf(emulator, policy);
    await set({ displayName: 'Alice Liddell', claims: { role: null } });
    const grant = { grant_type: 'refresh_token', refresh_token: String(token) };
    const { body } = await requestToken(emulator, policy, grant);
    const { name, role } = claimsOf(String(body['id_token']));
    assert.deepEqual({ name, role }, expected, policy);
  }
});

test('another client cannot redeem a code', async (t) => {
  const applications = [
    { id: CLIENT_ID, secrets: ['emulator-secret'] },
    { id: 'other', secrets: ['emulator-secret'] },
    { id: 'mobile', type: 'native' as const },
  ];
  const emulator = await startEmulator(t, { applications });
  const code = codeOf(await signIn(emulator));
  const asOther = await requestToken(emulator, 'B2C_1_susi', { code, client_id: 'other' });
  assert.equal(errorOf(asOther.body), 'invalid_grant AADB2C90279');
  const asPublic = await requestToken(emulator, 'B2C_1_susi', { code, client_id: 'mobile' });
  assert.equal(errorOf(asPublic.body), 'invalid_request AADB2C90084');
});

test('tokens have the lifetime of their policy', async (t) => {
  const policies = [{ name: 'B2C_1_susi', tokenLifetimeMinutes: 5 }];
  const answer = await tokensOf(await startEmulator(t, { policies }));
  assert.equal(answer['expires_in'], 300);
  const { exp, iat } = claimsOf(answer['id_token']);
  assert.equal(Number(exp) - Number(iat), 300);
});

test('a token request can narrow the scope, but not extend it', async (t) => {
  const emulator = await startEmulator(t);
  const api = 'https://fabrikamb2c.onmicrosoft.com/tasks-api';
  const scope = `openid ${api}/tasks.read`;
  const code = codeOf(await signIn(emulator, 'B2C_1_susi', { parameters: { scope } }));
  const requested = `openid ${api}/tasks.read ${api}/tasks.write offline_access`;
  const { body } = await requestToken(emulator, 'B2C_1_susi', { code, scope: requested });
  assert.equal(claimsOf(body['access_token'])['scp'], 'tasks.read');
  assert.ok(!('refresh_token' in body));
});

test('with accessTokenWithoutResource, a scope without a resource gives an access token for the client', async (t) => {
  const emulator = await startEmulator(t, { behavior: { accessTokenWithoutResource: true } });
  const answer = await tokensOf(emulator, 'B2C_1_susi', { parameters: { scope: 'openid' } });
  assert.equal(claimsOf(answer['access_token'])['aud'], CLIENT_ID);
  assert.equal(answer['resource'], CLIENT_ID);
});
