// Builds what the tests need and runs them under coverage: "npm test", or "npm test -- http oidc"
// for the files whose path holds one of the words (then without the coverage floor). At the end all
// that was written is searched for values that open a door: test/support/leaks.ts. With --built it runs
// what has been built before, without coverage: scripts/matrix.js.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { installClients } from './install-clients.js';
import { runKept } from './run.js';

const root = path.join(import.meta.dirname, '..');
const isBuilt = process.argv.includes('--built');
const words = process.argv.slice(2).filter((word) => word !== '--built');
const isCovered = words.length === 0 && !isBuilt;

if (!isBuilt) await import('./build-tests.js');

const files = readdirSync(path.join(root, 'build'), { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => path.join('build', name))
  .filter((name) => {
    const file = name.replaceAll(path.sep, '/');
    return words.length === 0 || words.some((word) => file.includes(word));
  })
  .sort();
// The test runner of Node 20 calls a run without any test a success.
if (files.length === 0) {
  console.error('There is no such test file.');
  process.exit(1);
}

if (files.some((name) => /clients|migration|package/.test(name))) installClients();

console.log(`Running ${files.length} test files${isCovered ? ' under coverage' : ''} …`);
// Much of a test is waiting, for a process or a deadline: files go in pairs even on a small machine. One
// that hangs is a failure, not a reason to wait for ever.
const test = [
  '--test',
  `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`,
  '--test-timeout=300000',
  '--test-reporter=spec',
  '--enable-source-maps',
  '--import=./build/support/leak-notes.js',
  ...files,
];
const floor = ['--check-coverage', '--lines', '95'];
const where = ['--all', '--src', 'dist', '--include', 'dist/**/*.js'];
const covered = [...where, ...floor, '--reporter=text', process.execPath, ...test];

const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-notes-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
const env = { ...process.env, TEST_NOTES_FOLDER: folder };
const kept = { env, file: path.join(folder, 'output-of-the-test-runner.txt') };
if (isCovered) await runKept('c8', covered, kept);
else await runKept('node', test, kept);

const { describeSearch, searchForLeaks } = await import('../build/support/leaks.js');
const search = searchForLeaks(folder);
console.log(describeSearch(search));
if (search.leaks.length > 0) process.exitCode = 1;
