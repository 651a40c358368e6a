import assert from 'node:assert/strict';
import { createHmac, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import {
  admin,
  CLIENT_ID,
  claimsOf,
  codeOf,
  type Json,
  partOf,
  requestToken,
  signIn,
  startEmulator,
  tokensOf,
} from './support.js';

const switchOn = (emulator: Emulator, fault: string, more = {}) =>
  admin(emulator, 'POST', 'faults', { fault, ...more });
const now = () => Math.floor(Date.now() / 1000);

async function publicKeys({ authority }: Emulator): Promise<(JsonWebKey & { kid: string })[]> {
  const answer = await fetch(`${authority}/B2C_1_susi/discovery/v2.0/keys`);
  return ((await answer.json()) as { keys: (JsonWebKey & { kid: string })[] }).keys;
}

async function isSignedBy(emulator: Emulator, token: string): Promise<boolean> {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { kid } = partOf(token, 0);
  const jwk = (await publicKeys(emulator)).find((candidate) => candidate.kid === kid);
  if (!jwk) return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const input = Buffer.from(`${header}.${payload}`);
  return verify('sha256', input, key, Buffer.from(signature, 'base64url'));
}

test('without a fault, the published key verifies the token', async (t) => {
  const emulator = await startEmulator(t);
  const { id_token: idToken } = await tokensOf(emulator);
  assert.ok(await isSignedBy(emulator, String(idToken)));
});

const spoiledClaims: Record<string, (claims: Json) => boolean> = {
  wrong_issuer: ({ iss }) => iss === 'https://foreign.example/v2.0/',
  wrong_audience: ({ aud }) => aud !== CLIENT_ID,
  extra_audience: ({ aud }) => Array.isArray(aud) && aud[0] === CLIENT_ID && aud.length === 2,
  wrong_azp: ({ azp }) => azp !== undefined && azp !== CLIENT_ID,
  wrong_nonce: ({ nonce }) => nonce === 'another-nonce',
  missing_nonce: (claims) => !('nonce' in claims),
  wrong_policy: ({ tfp }) => tfp === 'B2C_1_edit_profile',
  missing_policy: (claims) => !('tfp' in claims) && !('acr' in claims),
  missing_auth_time: (claims) => !('auth_time' in claims),
  missing_subject: (claims) => !('sub' in claims),
  empty_subject: ({ sub }) => sub === '',
  other_subject: ({ sub }) => sub === '99999999-9999-4999-8999-999999999999',
  expired: ({ exp }) => Number(exp) < now() - 3000,
  future: ({ nbf, iat }) => Number(nbf) > now() + 3000 && Number(iat) > now() + 3000,
};
describe('a fault of the claims keeps the signature valid', () => {
  for (const [fault, isSpoiled] of Object.entries(spoiledClaims)) {
    test(fault, async (t) => {
      const emulator = await startEmulator(t);
      await switchOn(emulator, fault);
      const { id_token: idToken } = await tokensOf(emulator);
      assert.ok(isSpoiled(claimsOf(idToken)), JSON.stringify(claimsOf(idToken)));
      assert.ok(await isSignedBy(emulator, String(idToken)));
    });
  }
});

const signatureFaults = {
  tampered_signature: 'RS256',
  tampered_claims: 'RS256',
  wrong_key: 'RS256',
  unknown_kid: 'RS256',
  alg_none: 'none',
  hs256: 'HS256',
  hs256_public_key: 'HS256',
};
describe('a fault of the signature makes it invalid', () => {
  for (const [fault, alg] of Object.entries(signatureFaults)) {
    test(fault, async (t) => {
      const emulator = await startEmulator(t);
      await switchOn(emulator, fault);
      const { id_token: idToken } = await tokensOf(emulator);
      assert.equal(partOf(idToken, 0)['alg'], alg);
      assert.equal(await isSignedBy(emulator, String(idToken)), false);
      const isKnownKey = (await publicKeys(emulator))[0]?.kid === partOf(idToken, 0)['kid'];
      assert.equal(isKnownKey, fault !== 'unknown_kid');
    });
  }
});

test('hs256 signs with the client secret', async (t) => {
  const emulator = await startEmulator(t);
  await switchOn(emulator, 'hs256');
  const { id_token: idToken } = await tokensOf(emulator);
  const [header, payload, signature] = String(idToken).split('.');
  const hmac = createHmac('sha256', 'emulator-secret').update(`${header}.${payload}`);
  assert.equal(signature, hmac.digest('base64url'));
});

const ENDPOINTS = {
  token: { path: 'oauth2/v2.0/token', method: 'POST' },
  keys: { path: 'discovery/v2.0/keys', method: 'GET' },
  discovery: { path: 'v2.0/.well-known/openid-configuration', method: 'GET' },
};

async function call({ authority }: Emulator, name: keyof typeof ENDPOINTS, timeoutMs = 20_000) {
  const { path, method } = ENDPOINTS[name];
  const answer = await fetch(`${authority}/B2C_1_susi/${path}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(method === 'POST' ? { body: new URLSearchParams() } : {}),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

for (const name of ['token', 'keys', 'discovery'] as const) {
  describe(`the ${name} endpoint can fail`, () => {
    test(`${name}_500`, async (t) => {
      const emulator = await startEmulator(t);
      await switchOn(emulator, `${name}_500`);
      assert.equal((await call(emulator, name)).status, 500);
    });
    test(`${name}_garbage`, async (t) => {
      const emulator = await startEmulator(t);
      await switchOn(emulator, `${name}_garbage`);
      const { text } = await call(emulator, name);
      assert.throws(() => JSON.parse(text), { name: 'SyntaxError' });
    });
    test(`${name}_huge`, async (t) => {
      const emulator = await startEmulator(t);
      await switchOn(emulator, `${name}_huge`);
      assert.ok((await call(emulator, name)).text.length > 10_000_000);
    });
    test(`${name}_slow`, async (t) => {
      const emulator = await startEmulator(t);
      await switchOn(emulator, `${name}_slow`, { delayMs: 300 });
      const start = performance.now();
      await call(emulator, name);
      assert.ok(performance.now() - start > 280);
    });
    test(`${name}_hang`, async (t) => {
      const emulator = await startEmulator(t);
      await switchOn(emulator, `${name}_hang`);
      await assert.rejects(call(emulator, name, 200), { name: 'TimeoutError' });
    });
  });
}

test('token_400, token_429 and token_redirect return their status', async (t) => {
  const emulator = await startEmulator(t);
  for (const [fault, status] of [
    ['token_400', 400],
    ['token_429', 429],
    ['token_redirect', 307],
  ] as const) {
    await switchOn(emulator, fault, { times: 1 });
    assert.equal((await call(emulator, 'token')).status, status);
  }
});

test('no_id_token and no_access_token keep the other members', async (t) => {
  const emulator = await startEmulator(t);
  await switchOn(emulator, 'no_id_token', { times: 1 });
  const first = await tokensOf(emulator);
  assert.deepEqual([first['id_token'], typeof first['access_token']], [undefined, 'string']);
  await switchOn(emulator, 'no_access_token', { times: 1 });
  const second = await tokensOf(emulator);
  assert.deepEqual([second['access_token'], typeof second['id_token']], [undefined, 'string']);
});

const spoiledDiscovery: Record<string, (body: Json, emulator: Emulator) => boolean> = {
  discovery_wrong_issuer: ({ issuer }) => issuer === 'https://foreign.example/v2.0/',
  discovery_other_tenant: ({ issuer }, { url }) =>
    issuer === `${url}/99999999-9999-4999-8999-999999999999/v2.0/`,
  discovery_foreign_endpoint: (body) =>
    String(body['token_endpoint']).startsWith('https://foreign.example/'),
};
for (const [fault, isSpoiled] of Object.entries(spoiledDiscovery)) {
  test(fault, async (t) => {
    const emulator = await startEmulator(t);
    await switchOn(emulator, fault);
    const { text } = await call(emulator, 'discovery');
    assert.ok(isSpoiled(JSON.parse(text), emulator), text);
  });
}

test('keys_empty publishes an empty JWKS', async (t) => {
  const emulator = await startEmulator(t);
  await switchOn(emulator, 'keys_empty');
  assert.deepEqual(await publicKeys(emulator), []);
});

const spoiledCallbacks: Record<string, (parameters: URLSearchParams) => boolean> = {
  callback_missing_state: (parameters) => !parameters.has('state'),
  callback_modified_state: (parameters) => parameters.get('state') === 'the-statex',
  callback_duplicate_state: (parameters) => parameters.getAll('state').length === 2,
  callback_missing_code: (parameters) => !parameters.has('code'),
  callback_modified_code: (parameters) => String(parameters.get('code')).endsWith('x'),
  callback_duplicate_code: (parameters) => parameters.getAll('code').length === 2,
};
for (const [fault, isSpoiled] of Object.entries(spoiledCallbacks)) {
  test(fault, async (t) => {
    const emulator = await startEmulator(t);
    await switchOn(emulator, fault);
    const { searchParams } = await signIn(emulator);
    assert.ok(isSpoiled(searchParams), searchParams.toString());
  });
}

test('a fault applies the given number of times, to its policy only', async (t) => {
  const emulator = await startEmulator(t);
  await switchOn(emulator, 'TOKEN_500', { times: 1, policy: 'b2c_1_SUSI' });
  const code = codeOf(await signIn(emulator, 'B2C_1_reset'));
  assert.equal((await requestToken(emulator, 'B2C_1_reset', { code })).status, 200);
  assert.equal((await call(emulator, 'token')).status, 500);
  assert.equal((await call(emulator, 'token')).status, 400);
  assert.deepEqual((await admin(emulator, 'GET', 'faults')).body['faults'], []);
});

test('an unknown fault is rejected with the list of names', async (t) => {
  const emulator = await startEmulator(t);
  const { status, body } = await switchOn(emulator, 'rain');
  assert.equal(status, 400);
  assert.ok((body['names'] as string[]).includes('token_500'));
});

test('an old name of a fault is rejected with the new name', async (t) => {
  const { status, body } = await switchOn(await startEmulator(t), 'callback_lost_state');
  assert.equal(status, 400);
  assert.equal(body['error'], 'callback_lost_state was renamed: use callback_missing_state');
});
