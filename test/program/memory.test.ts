import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { flood, getRequest } from '../support/load.js';
import { runProgram } from '../support/program.js';

const MEGABYTE = 1024;

/** Resident memory of a process in KiB. */
const residentMemory = (pid: number) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));

test('200,000 anonymous requests to sign in leave no memory behind', async (t) => {
  if (process.platform === 'win32') return t.skip('there is no ps on Windows');
  const emulator = await createEmulator();
  t.after(() => emulator.close());
  const port = await freePort();
  const cwd = emptyFolder(t);
  const config = {
    listen: { port },
    tenant: { authority: emulator.authority, allowPlainHttp: true },
    client: { id: emulator.applications[0]?.id, secret: 'emulator-secret' },
    policies: { signIn: 'B2C_1_susi' },
    session: { secrets: ['a-session-secret-of-more-than-32-characters'] },
  };
  writeFileSync(path.join(cwd, 'config.json'), JSON.stringify(config));
  // Without coverage, which needs memory of its own.
  const program = runProgram(t, [], { cwd, env: { NODE_V8_COVERAGE: undefined } });
  await program.says(`port ${port}`);
  const request = getRequest('/auth/sign_in?return_to=/some/page');
  const sendMany = async (count: number) => {
    assert.deepEqual(await flood({ port, request, count, pipelining: 4 }), { 302: count });
    return residentMemory(program.pid);
  };
  const warm = await sendMany(40_000);
  let after = warm;
  for (let i = 0; i < 4; i += 1) after = await sendMany(40_000);
  assert.ok(after - warm < 20 * MEGABYTE, `from ${warm} to ${after} KiB`);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
});
