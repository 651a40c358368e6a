import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import {
  inRedis,
  runProgram,
  runWithTenant,
  skipWithoutSignals,
  writeConfig,
} from '../support/program.js';
import { skipWithoutRedis, startRedis } from '../support/redis.js';

const skip = skipWithoutSignals || skipWithoutRedis();
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Installs the program without optional packages. */
function installWithoutRedis(t: TestContext): string {
  const folder = emptyFolder(t);
  for (const name of ['dist', 'templates', 'package.json']) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  mkdirSync(path.join(folder, 'node_modules'));
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name === '@redis') continue;
    const from = path.join(root, 'node_modules', name);
    symlinkSync(from, path.join(folder, 'node_modules', name), 'junction');
  }
  return path.join(folder, 'dist/server.js');
}

test('without the package of a store, names the package to install, and starts without that store', async (t) => {
  const server = installWithoutRedis(t);
  const cwd = emptyFolder(t);
  const port = await freePort();
  writeConfig(cwd, { authority: 'http://127.0.0.1:1/tenant.example', port });
  const secret = { CLIENT_SECRET: 'emulator-secret' };
  const env = { ...secret, ...inRedis('redis://127.0.0.1:1') };
  const refused = runProgram(t, [], { cwd, server, env });
  assert.equal(await refused.ended, 1);
  assert.match(refused.output.stderr, /session\.store: .*npm install @redis\/client@6\n/);
  const program = runProgram(t, [], { cwd, server, env: secret });
  await program.says(`port ${port}`);
});

test('starts and stops with a reachable and an unreachable store', { skip }, async (t) => {
  const redis = await startRedis(t);
  for (const url of [redis.url, `redis://127.0.0.1:${await freePort()}`]) {
    const { program, port } = await runWithTenant(t, inRedis(url));
    await program.says(url === redis.url ? 'store_connected' : 'store_unreachable');
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
    program.child.kill('SIGTERM');
    assert.equal(await program.ended, 0);
  }
});
