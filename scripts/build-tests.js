// Builds the program into dist/ and the tests into build/.
import { rmSync } from 'node:fs';
import { run } from './run.js';

console.log('Building the program into dist/ …');
await import('./build.js');
console.log('Compiling the tests into build/ …');
rmSync(new URL('../build', import.meta.url), { recursive: true, force: true });
run('tsc', ['-p', 'test/tsconfig.json']);
