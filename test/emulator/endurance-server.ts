/** An emulator in a process of its own, which tells its parent what it has used up so far. */
import process from 'node:process';
import { createEmulator } from '../../dist/emulator/emulator.js';

export interface Usage {
  cpuMs: number;
  /** After collecting garbage: start it with `--expose-gc`. */
  heapMegabytes: number;
}

const { url, authority } = await createEmulator();

process.on('message', () => {
  // Twice: what was marked alive before it died outlives the first one.
  globalThis.gc?.();
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed } = process.memoryUsage();
  const usage: Usage = { cpuMs: (user + system) / 1000, heapMegabytes: heapUsed / 2 ** 20 };
  process.send?.(usage);
});
process.send?.({ url, authority });
