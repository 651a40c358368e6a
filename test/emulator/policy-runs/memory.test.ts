import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryPerRun } from './memory-per-run.js';

const RUNS = 2_000;
// One run that stays would take ten times as much. The process is shared with other tests.
const MAX_BYTES_PER_RUN = 2_500;

test(`${RUNS} runs of a policy leave no memory behind`, async () => {
  const each = await memoryPerRun(RUNS);
  assert.ok(each < MAX_BYTES_PER_RUN, `${Math.round(each)} bytes per run`);
});
