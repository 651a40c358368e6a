import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood, getRequest } from '../support/load.js';
import { residentMemory, runWithTenant } from '../support/program.js';

const MEGABYTE = 1024;

test('200,000 anonymous requests to sign in leave no memory behind', async (t) => {
  if (process.platform === 'win32') return t.skip('there is no ps on Windows');
  // Without coverage, which needs memory of its own.
  const { program, port } = await runWithTenant(t, { NODE_V8_COVERAGE: undefined });
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
