/** @microsoft/microsoft-graph-client creates a user, who signs in on the page of a user flow. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, setGlobalDispatcher } from 'undici';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { authorizationUrl, REDIRECT_URI } from '../emulator/support.js';
import { emptyFolder } from '../support/folder.js';
import { sharedKeys } from '../support/signing-keys.js';
import { createBrowser } from './browser.js';
import { CLIENT_ID, CLIENT_SECRET } from './client.js';
import { missingPackage } from './client-contract.js';

const HERE = fileURLToPath(new URL('../../test/clients/', import.meta.url));
const PROGRAM = path.join(HERE, 'apps/graph-client.js');
const EMAIL = 'eve@example.com';
const PASSWORD = 'Correct-horse-1';

type Json = Record<string, unknown>;

test('@microsoft/microsoft-graph-client: create, find, change, sign in, delete', {
  skip: missingPackage('@microsoft/microsoft-graph-client') ?? false,
}, async (t) => {
  const { cert, key, ca } = createCertificate();
  setGlobalDispatcher(new Agent({ connect: { ca } }));
  const emulator = await createEmulator({ keys: await sharedKeys(), tls: { cert, key } });
  t.after(() => emulator.close());
  const caFile = path.join(emptyFolder(t), 'ca.pem');
  writeFileSync(caFile, ca);
  const env = {
    ...process.env,
    NODE_V8_COVERAGE: undefined,
    NODE_EXTRA_CA_CERTS: caFile,
    AUTHORITY: emulator.authority,
    ...{ CLIENT_ID, CLIENT_SECRET },
  };
  const graph = async (...values: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...values], { env });
    return JSON.parse(stdout) as unknown;
  };

  const { id } = (await graph('create', EMAIL, PASSWORD)) as Json;
  const [found] = (await graph('find', EMAIL)) as Json[];
  assert.equal(found?.['id'], id);
  assert.equal(found?.['extension_f0b6e55f00004000800000000000a0ee_Loyalty'], 'gold');
  await graph('change', String(id), 'Eve Changed');
  assert.equal(((await graph('find', EMAIL)) as Json[])[0]?.['displayName'], 'Eve Changed');

  const browser = createBrowser();
  const open = () => browser.open(authorizationUrl(emulator));
  await open();
  const signIn = browser.press('next', { email: EMAIL, password: PASSWORD });
  // The application does not run.
  await signIn.catch(() => {});
  assert.ok(browser.visited.at(-1)?.startsWith(`${REDIRECT_URI}?`), browser.page.body);

  assert.equal(((await graph('groups')) as Json)['statusCode'], 501);
  assert.equal(await graph('remove', String(id)), null);
  assert.deepEqual(await graph('find', EMAIL), []);
});
