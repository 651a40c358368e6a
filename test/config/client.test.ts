import assert from 'node:assert/strict';
import { type KeyObject, randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { SignInError } from '../../dist/errors.js';
import { generateKeys, sharedRsaKeys } from '../support/signing-keys.js';

const ISSUER = 'https://login.example.com';
const TENANT_ID = randomUUID();

type Client = Record<string, unknown>;

function parse(client: Client, tenant: object = { kind: 'generic', issuer: ISSUER }) {
  const id = randomUUID();
  const isB2c = 'authority' in tenant && !('kind' in tenant);
  return parseConfig(
    {
      tenant,
      client: { id, ...client },
      ...(isB2c ? { policies: { signIn: 'B2C_1_susi' } } : {}),
      session: { secrets: ['a-session-secret-for-tests-of-40-letters'] },
    },
    {
      env: { CLIENT_KEY: `${files.rsa}\n`, CLIENT_CERTIFICATE: `${files.certificate}\n` },
      readFile: (path) => files[path] ?? '',
      resolvePath: (path) => path,
      isFolder: () => true,
    },
  );
}

function issuesOf(client: Client, tenant?: object): string[] {
  try {
    parse(client, tenant);
  } catch (error) {
    assert.ok(error instanceof SignInError);
    return error.message.split('\n');
  }
  return [];
}

const files: Record<string, string> = {};
const keyMethod = { authMethod: 'private_key_jwt' };
const pem = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }));
const jwk = (key: KeyObject, members: object = {}) =>
  JSON.stringify({ ...key.export({ format: 'jwk' }), ...members });
const ec = async (namedCurve: string) => (await generateKeys('ec', { namedCurve })).privateKey;

before(async () => {
  const [rsa] = await sharedRsaKeys();
  assert.ok(rsa);
  const { cert, key } = createCertificate();
  const other = await ec('P-256');
  const short = await generateKeys('rsa', { modulusLength: 1024 });
  Object.assign(files, {
    rsa: pem(rsa),
    rsaJwk: jwk(rsa, { kid: 'key 1', alg: 'PS256' }),
    rsaForEncryption: jwk(rsa, { use: 'enc' }),
    rsaWithOtherAlgorithm: jwk(rsa, { alg: 'ES256' }),
    encrypted: rsa.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    }),
    short: pem(short.privateKey),
    public: String(short.publicKey.export({ type: 'spki', format: 'pem' })),
    bitcoin: pem(await ec('secp256k1')),
    ed25519: pem((await generateKeys('ed25519', {})).privateKey),
    ec: key,
    otherEc: pem(other),
    certificate: cert,
    garbage: 'AAAA',
  });
});

describe('client.authMethod "private_key_jwt" takes', () => {
  const keyOf = (client: Client) => {
    const [{ client: parsed }] = parse({ ...keyMethod, ...client }).tenants;
    assert.equal(parsed.authMethod, 'private_key_jwt');
    return parsed;
  };
  test('a key in PEM from a file', () => {
    assert.deepEqual(keyOf({ key: { file: 'rsa' } }).key?.algorithms, ['RS256', 'PS256']);
  });
  test('a key in PEM from an environment variable, with the newline at its end', () => {
    assert.equal(keyOf({ key: { env: 'CLIENT_KEY' } }).key?.keyId, undefined);
  });
  test('a JWK with its ID and algorithm', () => {
    const { key } = keyOf({ key: { file: 'rsaJwk' } });
    assert.equal(key?.keyId, 'key 1');
    assert.deepEqual(key?.algorithms, ['PS256']);
  });
  test('an EC key with its certificate', () => {
    const files = { key: { file: 'ec' }, certificate: { env: 'CLIENT_CERTIFICATE' } };
    const { key, certificate } = keyOf(files);
    assert.deepEqual(key?.algorithms, ['ES256']);
    assert.match(String(certificate?.fingerprint256), /^[0-9A-F]{2}:/);
  });
});

describe('an invalid client setting is named:', () => {
  const key = { file: 'rsa' };
  const b2c = { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' };
  const external = {
    kind: 'external-id',
    authority: 'https://contoso.ciamlogin.com',
    tenantId: TENANT_ID,
  };
  const certificate = { file: 'certificate' };
  const rows: [title: string, client: () => Client, issue: RegExp, tenant?: object][] = [
    ['no secret', () => ({}), /^client\.secret: is missing\. It must be a string/],
    ['no key', () => keyMethod, /^client\.key: is missing/],
    [
      'a secret beside the key',
      () => ({ ...keyMethod, key, secret: 'x' }),
      /^client\.secret: is not used with client\.authMethod "private_key_jwt"\. Remove it/,
    ],
    [
      'a key beside a secret',
      () => ({ secret: 'x', key }),
      /^client\.key: is used only with client\.authMethod "private_key_jwt"/,
    ],
    [
      'a certificate beside a secret',
      () => ({ secret: 'x', certificate }),
      /^client\.certificate: is used only with/,
    ],
    [
      'a short RSA key',
      () => ({ ...keyMethod, key: { file: 'short' } }),
      /^client\.key: is an RSA key of 1024 bits; it must have 2048 or more/,
    ],
    [
      'an encrypted key',
      () => ({ ...keyMethod, key: { file: 'encrypted' } }),
      /^client\.key: is encrypted with a passphrase/,
    ],
    [
      'a public key',
      () => ({ ...keyMethod, key: { file: 'public' } }),
      /^client\.key: must be a private key/,
    ],
    [
      'a text that is no key',
      () => ({ ...keyMethod, key: { file: 'garbage' } }),
      /^client\.key: must be a private key/,
    ],
    [
      'a curve that no provider takes',
      () => ({ ...keyMethod, key: { file: 'bitcoin' } }),
      /^client\.key: must be an RSA key, or an EC key of curve P-256/,
    ],
    [
      'an Ed25519 key',
      () => ({ ...keyMethod, key: { file: 'ed25519' } }),
      /^client\.key: must be an RSA key, or/,
    ],
    [
      'a JWK for encryption',
      () => ({ ...keyMethod, key: { file: 'rsaForEncryption' } }),
      /^client\.key: is a JWK that is not for signatures/,
    ],
    [
      'a JWK with the algorithm of another kind of key',
      () => ({ ...keyMethod, key: { file: 'rsaWithOtherAlgorithm' } }),
      /^client\.key: is a JWK whose "alg" is not RS256 or PS256/,
    ],
    [
      'the certificate of another key',
      () => ({ ...keyMethod, key: { file: 'otherEc' }, certificate }),
      /^client\.certificate: is the certificate of another key than client\.key/,
    ],
    [
      'a text that is no certificate',
      () => ({ ...keyMethod, key, certificate: { file: 'garbage' } }),
      /^client\.certificate: must be a certificate in PEM/,
    ],
    [
      'a missing environment variable',
      () => ({ ...keyMethod, key: { env: 'NOT_SET' } }),
      /^client\.key\.env: the environment variable NOT_SET is not set/,
    ],
    [
      'an unknown method',
      () => ({ authMethod: 'tls_client_auth', secret: 'x' }),
      /^client\.authMethod: must be .* or "private_key_jwt"/,
    ],
    [
      'a key for Azure AD B2C',
      () => ({ ...keyMethod, key }),
      /^client\.authMethod: is not supported by tenants of kind "b2c"\. Azure AD B2C accepts client secrets only/,
      b2c,
    ],
    [
      'External ID without a certificate',
      () => ({ ...keyMethod, key }),
      /^client\.certificate: is missing\. Entra identifies the key by the certificate/,
      external,
    ],
    [
      'an EC key for External ID',
      () => ({ ...keyMethod, key: { file: 'ec' }, certificate }),
      /^client\.key: must be an RSA key for a tenant of kind "external-id"/,
      external,
    ],
  ];
  for (const [title, client, issue, tenant] of rows) {
    test(title, () => {
      const issues = issuesOf(client(), tenant);
      assert.equal(issues.length, 1, issues.join('\n'));
      assert.match(issues[0] ?? '', issue);
      for (const text of Object.values(files)) assert.ok(!issues[0]?.includes(text.slice(0, 60)));
    });
  }
});
