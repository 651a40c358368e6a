/** Secrets in a configuration file that is readable by all users. */
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { configurationChecks } from '../../dist/doctor/local/configuration-checks.js';
import { ENV, goodConfig, type Json, writeConfigFile } from './support.js';

const emulator = {
  authority: 'https://fabrikamb2c.b2clogin.com/fabrikamb2c.onmicrosoft.com',
  tenant: { id: 'f0b6e55f-0000-4000-8000-00000000a001' } as never,
};
const good = goodConfig(emulator, 3000);
const plain = 'a-secret-in-the-file-0123456789-abcdef';
const store = { kind: 'redis', sentinels: ['redis://localhost:26379'], master: 'one' };

function permissionsOf(t: TestContext, config: unknown) {
  const { folder } = writeConfigFile(t, config);
  chmodSync(path.join(folder, 'config.json'), 0o644);
  const options = { file: undefined, workingFolder: folder, env: ENV, hasFileModes: true };
  const checks = [...configurationChecks(options)].filter(({ id }) => id === 'files.permissions');
  assert.equal(JSON.stringify(checks).includes(plain), false);
  return checks.map(({ status, detail }) => `${status}: ${detail}`).join('\n');
}

// On Windows the mode of a file has no meaning.
const skip = process.platform === 'win32';

describe('the file is readable by all users and contains', { skip }, () => {
  const rows: Record<string, Json> = {
    'the client secret': { ...good, client: { ...good.client, secret: plain } },
    'a session secret, next to one from the environment': {
      ...good,
      session: { secrets: [{ env: 'SESSION_SECRET' }, plain] },
    },
    'the password of the store': {
      ...good,
      session: { ...good.session, store: { ...store, password: plain } },
    },
    'the password of the Sentinels': {
      ...good,
      session: { ...good.session, store: { ...store, sentinelPassword: plain } },
    },
    'the password of a store whose kind is misspelled': {
      ...good,
      session: { ...good.session, store: { kind: 'reddis', password: plain } },
    },
    'the client secret of an additional tenant': {
      ...good,
      tenants: { second: { client: { id: 'x', secret: plain } } },
    },
    "the client_credential of the Python sample's file": {
      b2c: { susi: '/B2C_1_susi' },
      client: { authority: emulator.authority, client_id: 'x', client_credential: plain },
    },
    'the ClientSecret of an appsettings.json': {
      AzureAdB2C: { Instance: 'https://fabrikamb2c.b2clogin.com', ClientSecret: plain },
    },
  };
  for (const [name, config] of Object.entries(rows)) {
    test(name, (t) => {
      assert.match(
        permissionsOf(t, config),
        /^warn: .* contains a secret and is readable by all users$/,
      );
    });
  }

  test('references to secrets only', (t) => {
    const listen = { tls: { cert: 'cert.pem', key: 'key.pem' } };
    const session = { ...good.session, store: { ...store, password: { env: 'X' }, username: 'y' } };
    assert.match(permissionsOf(t, { ...good, listen, session }), /^ok: no file with a secret/);
  });
});
