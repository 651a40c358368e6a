// Measures the memory of a program after garbage collection. Resident memory would show what V8 has taken
// from the system, which differs between its versions.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { emptyFolder } from './folder.js';
import type { Program } from './program.js';

// SIGWINCH, because by default a program ignores it.
const COLLECTOR = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGWINCH', () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write('it holds ' + (heapUsed + external) + ' bytes\\n');
});
`;

/** The environment of a program that `heldMemory` can ask. */
export function tellingMemory(t: TestContext) {
  const file = path.join(emptyFolder(t), 'collector.mjs');
  writeFileSync(file, COLLECTOR);
  // Coverage would need additional memory.
  return { NODE_OPTIONS: `--import=${pathToFileURL(file)}`, NODE_V8_COVERAGE: undefined };
}

/** In megabytes: the heap, and what hangs on it outside. */
export async function heldMemory({ child, output, says }: Program): Promise<number> {
  const HELD = /it holds (\d+) bytes/;
  output.stderr = '';
  child.kill('SIGWINCH');
  await says(HELD);
  return Number(HELD.exec(output.stderr)?.[1]) / 2 ** 20;
}
