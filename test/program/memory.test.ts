import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood, getRequest } from '../support/load.js';
import { heldMemory, tellingMemory } from '../support/memory-usage.js';
import { runWithTenant, skipWithoutSignals } from '../support/program.js';

test('15,000 unauthenticated requests to sign in do not increase memory', {
  skip: skipWithoutSignals,
}, async (t) => {
  const { program, port } = await runWithTenant(t, tellingMemory(t));
  const request = getRequest('/auth/sign_in?return_to=/some/page');
  const sendMany = async (count: number) => {
    assert.deepEqual(await flood({ port, request, count, pipelining: 4 }), { 302: count });
    return heldMemory(program);
  };
  const warm = await sendMany(5_000);
  const after = await sendMany(10_000);
  t.diagnostic(`memory: ${warm} MB after 5,000 requests, ${after} after 10,000 more`);
  // 40 bytes per request: less than an entry of a Map and its key take.
  assert.ok(after - warm < 0.4, `from ${warm} to ${after} MB`);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
});
