import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { emptyFolder } from '../support/folder.js';
import { sharedKeys } from '../support/signing-keys.js';
import {
  ALICE,
  admin,
  authorizationUrl,
  codeOf,
  PASSWORD,
  partOf,
  requestToken,
  startEmulator,
  tokensOf,
} from './support.js';
import { visit } from './visitor.js';

test('accounts, keys, sessions and refresh tokens survive a restart', async (t) => {
  const stateFile = path.join(emptyFolder(t), 'state.json');
  const first = await createEmulator({ stateFile, keys: await sharedKeys() });
  await admin(first, 'POST', 'accounts', { email: 'erin@example.com' });
  const { id_token: idToken, refresh_token: refreshToken } = await tokensOf(first);
  const visitor = visit(first);
  await visitor.open(authorizationUrl(first));
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  await first.close();
  // Windows has no file modes.
  if (process.platform !== 'win32') assert.equal(statSync(stateFile).mode & 0o777, 0o600);

  const port = Number(new URL(first.url).port);
  // Without the shared keys: the keys have to come from the file.
  const second = await createEmulator({ stateFile, port });
  const { body } = await admin(second, 'GET', 'accounts');
  assert.equal((body['accounts'] as object[]).length, 3);
  const grant = { grant_type: 'refresh_token', refresh_token: String(refreshToken) };
  const refreshed = await requestToken(second, 'B2C_1_susi', grant);
  assert.equal(refreshed.status, 200);
  const kidOf = (token: unknown) => partOf(token, 0)['kid'];
  assert.equal(kidOf(refreshed.body['id_token']), kidOf(idToken));
  await visitor.open(authorizationUrl(second));
  assert.ok(codeOf(visitor.left()));
  await second.close();
});

test('tokens of a removed policy are dropped', async (t) => {
  const stateFile = path.join(emptyFolder(t), 'state.json');
  const keys = await sharedKeys();
  const first = await createEmulator({ stateFile, keys });
  const { refresh_token: token } = await tokensOf(first);
  await first.close();
  const second = await createEmulator({ stateFile, keys, policies: [{ name: 'B2C_1_other' }] });
  const grant = { grant_type: 'refresh_token', refresh_token: String(token) };
  assert.equal((await requestToken(second, 'B2C_1_other', grant)).status, 400);
  await second.close();
});

test('a file without state, or of another tenant, is rejected and unchanged', async (t) => {
  const stateFile = path.join(emptyFolder(t), 'state.json');
  writeFileSync(stateFile, 'notes');
  await assert.rejects(startEmulator(t, { stateFile }), { message: /no state of this emulator/ });
  assert.equal(readFileSync(stateFile, 'utf8'), 'notes');
  const other = path.join(path.dirname(stateFile), 'other.json');
  const keys = await sharedKeys();
  await (await createEmulator({ stateFile: other, keys })).close();
  const tenant = { id: '11111111-0000-4000-8000-000000000001' };
  const options = { stateFile: other, tenant };
  await assert.rejects(startEmulator(t, options), { message: /another tenant/ });
});

test('an existing file or link at the temporary path does not make the private keys readable', {
  // Windows has no file modes, and links need a permission.
  skip: process.platform === 'win32',
}, async (t) => {
  const rows: Record<string, (planted: string) => void> = {
    'a world-readable file': (planted) => {
      writeFileSync(planted, 'theirs');
      chmodSync(planted, 0o644);
    },
    'a link to a world-readable file': (planted) => {
      const target = path.join(path.dirname(planted), 'target');
      writeFileSync(target, 'theirs');
      chmodSync(target, 0o644);
      symlinkSync(target, planted);
    },
  };
  for (const [what, plant] of Object.entries(rows)) {
    const stateFile = path.join(emptyFolder(t), 'state.json');
    const emulator = await createEmulator({ stateFile, keys: await sharedKeys() });
    plant(`${stateFile}.new`);
    await emulator.close();
    assert.match(readFileSync(stateFile, 'utf8'), /"privateJwk"/, what);
    const { mode } = lstatSync(stateFile);
    assert.deepEqual([lstatSync(stateFile).isFile(), mode & 0o777], [true, 0o600], what);
    const target = path.join(path.dirname(stateFile), 'target');
    if (what === 'a link to a world-readable file')
      assert.equal(readFileSync(target, 'utf8'), 'theirs');
  }
});
