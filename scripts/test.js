// Builds the program and the tests, and runs the tests under coverage: "npm test", or "npm run test:all"
// (--all) with packaging, frameworks and the examples of the documents. "npm test -- http oidc" runs the
// files whose path contains one of the words, without the coverage floor. Afterwards, the whole output is
// searched for secret values: test/support/leaks.ts. scripts/matrix.js uses --built, which skips the build
// and coverage, and --without-chromium.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { installClients } from './install-clients.js';
import { runKept } from './run.js';
import { isOnlyInAll, writeGroups } from './test-groups.js';

const root = path.join(import.meta.dirname, '..');
const usesClients = (name) => /clients|migration|package/.test(name);
const build = path.join(root, 'build');
const OPTIONS = ['--built', '--all', '--without-chromium'];
const [isBuilt, isAll, isWithoutChromium] = OPTIONS.map((option) => process.argv.includes(option));
const words = process.argv.slice(2).filter((word) => !OPTIONS.includes(word));
const isCovered = words.length === 0 && !isBuilt;

// Both take a while, and neither needs the other.
const isFull = words.length === 0;
const installed = isFull || words.some(usesClients) ? installClients() : undefined;
if (!isBuilt) await import('./build-tests.js');

const files = readdirSync(build, { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => name.replaceAll(path.sep, '/'))
  .filter((file) =>
    words.length === 0 ? isAll || !isOnlyInAll(file) : words.some((word) => file.includes(word)),
  )
  .sort();
await (installed ?? (files.some(usesClients) ? installClients() : undefined));

const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-notes-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

const groups = path.join(build, 'groups');
rmSync(groups, { recursive: true, force: true });
const entries = writeGroups(files, { build, folder: groups, isWithoutChromium });
// The test runner of Node 20 reports success when it finds nothing to run.
if (entries.length === 0) {
  console.error('No test file matches.');
  process.exit(1);
}
console.log(`Running ${files.length} test files${isCovered ? ' under coverage' : ''} …`);
// Tests often wait for a process or a deadline, so there is one group more than processors.
const test = [
  '--test',
  `--test-concurrency=${availableParallelism() + 1}`,
  // On Node 20 and 22, the limit of a whole group. test/support/each-test.ts limits each test.
  '--test-timeout=1800000',
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=./scripts/slowest-files.js',
  '--test-reporter-destination=stdout',
  '--enable-source-maps',
  '--import=./build/support/leak-notes.js',
  ...entries.map((entry) => path.relative(root, entry)),
];
const floor = ['--check-coverage', '--lines', '95'];
const where = [
  ...['--all', '--src', 'dist', '--include', 'dist/**/*.js'],
  // Parts of other packages: scripts/bundle.js.
  ...['--exclude', 'dist/program/chunk-packages*.js'],
];
const covered = [...where, ...floor, '--reporter=text', process.execPath, ...test];

const env = { ...process.env, TEST_NOTES_FOLDER: folder };
// From Node 22 on, processes share compiled code. Coverage would be less precise with it.
if (!isCovered) env.NODE_COMPILE_CACHE = path.join(folder, 'compile-cache');
const kept = { env, file: path.join(folder, 'output-of-the-test-runner.txt') };
if (isCovered) await runKept('c8', covered, kept);
else await runKept('node', test, kept);

const { describeSearch, searchForLeaks } = await import('../build/support/leaks.js');
const search = searchForLeaks(folder);
console.log(describeSearch(search));
if (search.leaks.length > 0) process.exitCode = 1;
