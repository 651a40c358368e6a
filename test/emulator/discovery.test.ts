import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, startEmulator, TENANT_ID } from './support.js';

const get = async (url: string) => {
  const answer = await fetch(url);
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, body: (isJson ? await answer.json() : {}) as Json };
};
const WELL_KNOWN = 'v2.0/.well-known/openid-configuration';

test('the discovery document has exactly the members of B2C, in its order', async (t) => {
  const { url, authority } = await startEmulator(t);
  const { status, body } = await get(`${authority}/B2C_1_susi/${WELL_KNOWN}`);
  const base = `${authority}/b2c_1_susi`;
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'end_session_endpoint',
    'jwks_uri',
    'response_modes_supported',
    'response_types_supported',
    'scopes_supported',
    'subject_types_supported',
    'id_token_signing_alg_values_supported',
    'token_endpoint_auth_methods_supported',
    'claims_supported',
  ]);
  assert.equal(body['issuer'], `${url}/${TENANT_ID}/v2.0/`);
  assert.equal(body['token_endpoint'], `${base}/oauth2/v2.0/token`);
  assert.equal(body['jwks_uri'], `${base}/discovery/v2.0/keys`);
});

const spellings = {
  'the tenant as a GUID': `/${TENANT_ID}/B2C_1_susi/${WELL_KNOWN}`,
  'another case': `/FabrikamB2C.onMicrosoft.com/b2c_1_SUSI/${WELL_KNOWN}`,
  'tfp at the beginning': `/tfp/fabrikamb2c.onmicrosoft.com/B2C_1_susi/${WELL_KNOWN}`,
  'the policy in the query': `/fabrikamb2c.onmicrosoft.com/${WELL_KNOWN}?p=b2c_1_susi`,
  'the policy twice': `/fabrikamb2c.onmicrosoft.com/B2C_1_susi/${WELL_KNOWN}?p=b2c_1_susi`,
};
for (const [spelling, path] of Object.entries(spellings)) {
  test(`a discovery URL with ${spelling} leads to the JWKS`, async (t) => {
    const { url } = await startEmulator(t);
    const { status, body } = await get(url + path);
    assert.equal(status, 200);
    const { keys } = (await get(String(body['jwks_uri']))).body as { keys: Json[] };
    assert.deepEqual(Object.keys(keys[0] ?? {}), ['kid', 'nbf', 'use', 'kty', 'e', 'n']);
  });
}

test('endpoint URLs repeat the spelling of the tenant, and the policy in the query', async (t) => {
  const { url } = await startEmulator(t);
  const inQuery = await get(`${url}/${TENANT_ID}/${WELL_KNOWN}?p=B2C_1_SUSI`);
  assert.equal(
    inQuery.body['token_endpoint'],
    `${url}/${TENANT_ID}/oauth2/v2.0/token?p=b2c_1_susi`,
  );
});

test('the issuer contains the requested host', async (t) => {
  const { url, authority } = await startEmulator(t);
  const { port } = new URL(url);
  const { body } = await get(
    `${authority.replace('127.0.0.1', 'localhost')}/B2C_1_susi/${WELL_KNOWN}`,
  );
  assert.equal(body['issuer'], `http://localhost:${port}/${TENANT_ID}/v2.0/`);
});

test('with issuer "tfp", a policy has a separate issuer', async (t) => {
  const emulator = await startEmulator(t, { policies: [{ name: 'B2C_1_tfp', issuer: 'tfp' }] });
  const issuer = `${emulator.url}/tfp/${TENANT_ID}/b2c_1_tfp/v2.0/`;
  const { body } = await get(`${issuer}.well-known/openid-configuration`);
  assert.equal(body['issuer'], issuer);
});

for (const path of ['other.onmicrosoft.com/B2C_1_susi', 'fabrikamb2c.onmicrosoft.com/B2C_1_none']) {
  test(`discovery of ${path} gets 404`, async (t) => {
    const { url } = await startEmulator(t);
    assert.equal((await get(`${url}/${path}/${WELL_KNOWN}`)).status, 404);
  });
}

test('custom policies and user flows have different signing keys', async (t) => {
  const { authority } = await startEmulator(t);
  const kidOf = async (policy: string) => {
    const { body } = await get(`${authority}/${policy}/discovery/v2.0/keys`);
    return (body['keys'] as { kid: string }[])[0]?.kid;
  };
  assert.equal(await kidOf('B2C_1_susi'), await kidOf('B2C_1_reset'));
  assert.notEqual(await kidOf('B2C_1_susi'), await kidOf('B2C_1A_signup_signin'));
});
