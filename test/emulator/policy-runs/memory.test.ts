import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadNineSteps } from './nine-steps.js';

const RUNS = 2_000;
// One run that stays would take ten times as much. The process is shared with other tests.
const MAX_BYTES_PER_RUN = 2_500;

test(`${RUNS} runs of a policy leave no memory behind`, async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const run = await loadNineSteps();
  const heapAfter = async (runs: number): Promise<number> => {
    for (let count = 0; count < runs; count += 1) await run();
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  // Compiled code and caches.
  const before = await heapAfter(200);
  const after = await heapAfter(RUNS);
  const each = (after - before) / RUNS;
  assert.ok(each < MAX_BYTES_PER_RUN, `${Math.round(each)} bytes per run`);
});
