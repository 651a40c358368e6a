// `private_key_jwt` at a certified provider of another project, which verifies every assertion.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { reload, runProgram, skipWithoutSignals } from '../support/program.js';
import { generateKeys, sharedRsaKeys } from '../support/signing-keys.js';
import { createBrowser } from './browser.js';
import {
  assertSignedIn,
  type SetUp,
  signIn,
  skipWithoutProvider,
  startAtProvider,
  startProvider,
} from './certified-provider.js';

const ID = 'the application';

const pem = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }));
const publicJwk = (key: KeyObject, members: object = {}) => ({
  ...createPublicKey(key).export({ format: 'jwk' }),
  ...members,
});
const rsaKey = async () => {
  const [key] = await sharedRsaKeys();
  assert.ok(key);
  return key;
};

/** An application with a key, at a provider that knows `registered` and takes one algorithm. */
const withKey = (client: object, registered: object, alg: string): SetUp => ({
  client: { id: ID, authMethod: 'private_key_jwt', ...client },
  registration: () => ({
    client_secret: undefined,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: alg,
    jwks: { keys: [registered] },
  }),
});

describe('a certified provider accepts the assertions of', skipWithoutProvider, () => {
  const rows: Record<string, () => Promise<SetUp>> = {
    async 'an RSA key in PEM, by RS256'() {
      const key = await rsaKey();
      return withKey({ key: pem(key) }, publicJwk(key, { use: 'sig' }), 'RS256');
    },
    async 'a JWK that is made for PS256, with its ID'() {
      const key = await rsaKey();
      const members = { kid: 'key of today', alg: 'PS256' };
      const jwk = JSON.stringify({ ...key.export({ format: 'jwk' }), ...members });
      return withKey({ key: jwk }, publicJwk(key, members), 'PS256');
    },
    async 'an EC key, by ES256, with its certificate'() {
      const { cert, key } = createCertificate();
      const { publicKey, raw } = new X509Certificate(cert);
      // Keys are found by the thumbprint of their certificate.
      const x5t = createHash('sha256').update(raw).digest('base64url');
      const registered = { ...publicKey.export({ format: 'jwk' }), 'x5t#S256': x5t, use: 'sig' };
      return withKey({ key, certificate: cert }, registered, 'ES256');
    },
  };
  for (const [title, setUp] of Object.entries(rows)) {
    test(`${title}, at sign-in and at each refresh`, async (t) => {
      const given = await startAtProvider(t, await setUp());
      await signIn(given);
      assertSignedIn(given);
      const tokens = new Set<string>();
      for (let count = 0; count < 2; count += 1) {
        await given.visitor.open(`${given.app.url}/token`);
        assert.equal(given.visitor.page.status, 200, given.visitor.page.body);
        tokens.add(given.visitor.page.body);
        await new Promise((resolve) => setTimeout(resolve, 1_100));
      }
      assert.equal(tokens.size, 2);
    });
  }
});

test(
  'a provider that knows another key refuses the client, and the log says so',
  skipWithoutProvider,
  async (t) => {
    const { privateKey } = await generateKeys('rsa', { modulusLength: 2048 });
    const registered = publicJwk(await rsaKey(), { use: 'sig' });
    const given = await startAtProvider(t, withKey({ key: pem(privateKey) }, registered, 'RS256'));
    await signIn(given);
    assert.equal(given.visitor.page.status, 502);
    assert.deepEqual(
      given.app.log.of('sign_in_failed').map(({ code, providerError }) => [code, providerError]),
      [['client_refused', 'invalid_client']],
    );
  },
);

test('a reload reads the key again, and refuses one that is too short', {
  skip: skipWithoutSignals || skipWithoutProvider.skip,
}, async (t) => {
  const key = await rsaKey();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { registration } = withKey({}, publicJwk(key, { use: 'sig' }), 'RS256');
  const { issuer } = await startProvider(t, { url, registration: registration?.(url) ?? {} });
  const cwd = emptyFolder(t);
  const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);
  const writeKey = async (modulusLength: number) =>
    write('client.pem', pem((await generateKeys('rsa', { modulusLength })).privateKey));
  await writeKey(2048);
  write('session.secret', 'a-session-secret-of-more-than-32-characters');
  write(
    'config.json',
    JSON.stringify({
      listen: { port },
      tenant: { kind: 'generic', issuer, allowPlainHttp: true },
      client: { id: ID, authMethod: 'private_key_jwt', key: { file: 'client.pem' } },
      session: { secrets: [{ file: 'session.secret' }] },
      scopes: ['profile', 'email', 'offline_access'],
    }),
  );
  const program = runProgram(t, [], { cwd });
  await program.says(`port ${port}`);
  const refused = createBrowser();
  await signIn({ app: { url }, visitor: refused });
  assert.equal(refused.page.status, 502);
  await writeKey(1024);
  await reload(program, 'config_refused');
  assert.match(program.output.stdout, /client\.key: is an RSA key of 1024 bits/);
  write('client.pem', pem(key));
  await reload(program);
  const visitor = createBrowser();
  await signIn({ app: { url }, visitor });
  assertSignedIn({ app: { url }, visitor });
});
