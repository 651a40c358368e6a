// The assertions of `private_key_jwt`: what is in them, and with which algorithm they are signed.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomUUID, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { ClientConfig } from '../../dist/config/client.js';
import type { ClientKey } from '../../dist/config/client-key.js';
import { parseClientKey } from '../../dist/config/client-key.js';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createClientAuthentication } from '../../dist/oidc/client-authentication.js';
import { createTenant } from '../../dist/oidc/tenant-kind.js';
import { sharedRsaKeys } from '../support/signing-keys.js';

const SERVER = {
  issuer: 'https://login.example.com',
  token_endpoint: 'https://login.example.com/token',
};
const NOW = Date.UTC(2026, 0, 1);

/** The row of the table for a kind of tenant. */
const rowOf = (kind: 'generic' | 'external-id') =>
  createTenant({
    tenant: {
      kind,
      discovery: new URL(`${SERVER.issuer}/.well-known/openid-configuration`),
      issuer: SERVER.issuer,
      tenantId: randomUUID(),
      endpointOrigins: [],
      allowPlainHttp: false,
    },
    client: { id: 'x', authMethod: 'client_secret_post', secret: 'x' },
  });

async function assertionOf(
  client: { key: ClientKey; certificate?: X509Certificate },
  {
    kind = 'generic' as 'generic' | 'external-id',
    algorithms = undefined as string[] | undefined,
  } = {},
) {
  const config: ClientConfig = { id: 'my app', authMethod: 'private_key_jwt', ...client };
  const { clientAssertion } = rowOf(kind);
  const authenticate = createClientAuthentication(config, { clientAssertion, now: () => NOW });
  const body = new URLSearchParams();
  const server = algorithms
    ? { ...SERVER, token_endpoint_auth_signing_alg_values_supported: algorithms }
    : SERVER;
  await authenticate(server, { client_id: 'my app' }, body, new Headers());
  assert.equal(body.get('client_id'), 'my app');
  assert.equal(
    body.get('client_assertion_type'),
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  );
  assert.equal(body.get('client_secret'), null);
  return body.get('client_assertion') ?? '';
}

async function rsa(members: object = {}): Promise<ClientKey> {
  const [key] = await sharedRsaKeys();
  assert.ok(key);
  const parsed = parseClientKey(JSON.stringify({ ...key.export({ format: 'jwk' }), ...members }));
  assert.ok(typeof parsed !== 'string', String(parsed));
  return parsed;
}

test('an assertion names the client, lasts a minute, and is different each time', async () => {
  const key = await rsa({ kid: 'key 1' });
  const [first, second] = [await assertionOf({ key }), await assertionOf({ key })];
  const { jti, ...claims } = decodeJwt(first);
  const seconds = NOW / 1000;
  assert.deepEqual(claims, {
    iss: 'my app',
    sub: 'my app',
    aud: SERVER.issuer,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 60,
  });
  assert.notEqual(jti, decodeJwt(second).jti);
  assert.deepEqual(decodeProtectedHeader(first), { alg: 'RS256', typ: 'JWT', kid: 'key 1' });
  await jwtVerify(first, createPublicKey(key.privateKey), { currentDate: new Date(NOW) });
});

test('with a certificate, the header has its thumbprint', async () => {
  const { cert, key: pem } = createCertificate();
  const key = parseClientKey(pem);
  assert.ok(typeof key !== 'string');
  const certificate = new X509Certificate(cert);
  const header = decodeProtectedHeader(await assertionOf({ key, certificate }));
  assert.deepEqual(header, {
    alg: 'ES256',
    typ: 'JWT',
    'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
  });
});

describe('an RSA key signs with', () => {
  const rows: [
    title: string,
    kind: 'generic' | 'external-id',
    listed: string[] | undefined,
    alg: string,
  ][] = [
    ['RS256 if the provider lists nothing', 'generic', undefined, 'RS256'],
    ['RS256 if the provider lists both', 'generic', ['PS256', 'RS256'], 'RS256'],
    ['PS256 if the provider lists no RS256', 'generic', ['ES256', 'PS256'], 'PS256'],
    ['PS256 at External ID, for the token endpoint', 'external-id', undefined, 'PS256'],
    ['RS256 at External ID if it lists no PS256', 'external-id', ['RS256'], 'RS256'],
  ];
  for (const [title, kind, algorithms, alg] of rows) {
    test(title, async () => {
      const assertion = await assertionOf({ key: await rsa() }, { kind, algorithms });
      assert.equal(decodeProtectedHeader(assertion).alg, alg);
      const audience = kind === 'generic' ? SERVER.issuer : SERVER.token_endpoint;
      assert.equal(decodeJwt(assertion).aud, audience);
    });
  }
});
