import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadNineSteps } from './nine-steps.js';

/** Bytes that each of many runs of a policy leaves on the heap. */
export async function memoryPerRun(runs: number): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const run = await loadNineSteps();
  const heapAfter = async (count: number): Promise<number> => {
    for (let done = 0; done < count; done += 1) await run();
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  // Compiled code and caches.
  const before = await heapAfter(200);
  return ((await heapAfter(runs)) - before) / runs;
}
