import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readConfigFile } from '../../dist/program/config-file.js';
import { emptyFolder } from '../support/folder.js';

const SECRET = 'a-secret-of-at-least-32-characters';
const BYTE_ORDER_MARK = '\uFEFF';

/** A folder with a configuration whose secrets are in files, and everything that reading it warns of. */
function setUp(t: TestContext, { mark = '', mode = 0o600 } = {}) {
  const folder = emptyFolder(t);
  const write = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), mark + text);
    chmodSync(path.join(folder, name), mode);
  };
  const config = {
    listen: { tls: { cert: 'cert.pem', key: 'key.pem' } },
    tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
    client: { id: '11111111-1111-1111-1111-111111111111', secret: { file: 'client.secret' } },
    policies: { signIn: 'B2C_1_susi' },
    session: { secrets: [{ file: 'session.secret' }] },
  };
  write('config.json', JSON.stringify(config));
  write('client.secret', 'client-secret\r\n');
  write('session.secret', `${SECRET}\n`);
  write('cert.pem', 'CERT');
  write('key.pem', 'KEY');
  const worldReadable: string[] = [];
  const onWorldReadable = (file: string) => void worldReadable.push(path.relative(folder, file));
  const read = () =>
    readConfigFile({ file: undefined, workingFolder: folder, env: {}, onWorldReadable });
  return { read, worldReadable };
}

test('a byte order mark, as editors on Windows write it, is no part of any file', (t) => {
  const { read } = setUp(t, { mark: BYTE_ORDER_MARK });
  const config = read();
  assert.equal(config?.tenants[0].client.secret, 'client-secret');
  assert.deepEqual(config?.session.secrets, [SECRET]);
  assert.deepEqual(config?.listen.tls, { cert: 'CERT', key: 'KEY' });
});

test('files with secrets that are readable by all users are reported, a certificate is not', (t) => {
  if (process.platform === 'win32') return t.skip('on Windows the mode of a file has no meaning');
  const { read, worldReadable } = setUp(t, { mode: 0o644 });
  assert.ok(read());
  assert.deepEqual(worldReadable.sort(), ['client.secret', 'key.pem', 'session.secret']);
});

test('a secret that only its user and group can read is not reported', (t) => {
  const { read, worldReadable } = setUp(t, { mode: 0o640 });
  assert.ok(read());
  assert.deepEqual(worldReadable, []);
});
