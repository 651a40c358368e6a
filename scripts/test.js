// Builds what the tests need and runs them under coverage: "npm test", or "npm test -- http oidc"
// for the files whose path holds one of the words (then without the coverage floor).
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installClients } from './install-clients.js';
import { run } from './run.js';

const root = path.join(import.meta.dirname, '..');
const words = process.argv.slice(2);

console.log('Building the program into dist/ …');
await import('./build.js');

console.log('Compiling the tests into build/ …');
rmSync(path.join(root, 'build'), { recursive: true, force: true });
run('tsc', ['-p', 'test/tsconfig.json']);

const files = readdirSync(path.join(root, 'build'), { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => path.join('build', name))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort();
// The test runner of Node 20 calls a run without any test a success.
if (files.length === 0) {
  console.error('There is no such test file.');
  process.exit(1);
}

if (files.some((name) => name.includes('clients'))) installClients();

console.log(`Running ${files.length} test files${words.length ? '' : ' under coverage'} …`);
// A file that hangs is a failure, not a reason to wait for ever.
const test = [
  '--test',
  '--test-timeout=300000',
  '--test-reporter=spec',
  '--enable-source-maps',
  ...files,
];
if (words.length > 0) {
  run('node', test);
} else {
  const floor = ['--check-coverage', '--lines', '95'];
  const where = ['--all', '--src', 'dist', '--include', 'dist/**/*.js'];
  run('c8', [...where, ...floor, '--reporter=text', process.execPath, ...test]);
}
