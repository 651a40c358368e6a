// Runs a tool of node_modules with the current Node, without a shell, on any system; and npm.
import './node-version.js';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

// Finds the start file of a tool in its package: on Windows, node_modules/.bin has shell scripts, which
// need a shell.
function binaryOf(tool) {
  const packageOf = { tsc: 'typescript', biome: '@biomejs/biome' };
  const manifest = findManifest(packageOf[tool] ?? tool);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return path.join(path.dirname(manifest), typeof bin === 'string' ? bin : bin[tool]);
}

function findManifest(name) {
  for (const folder of require.resolve.paths(name)) {
    const manifest = path.join(folder, name, 'package.json');
    try {
      readFileSync(manifest);
      return manifest;
    } catch {
      // not in this folder: try the next one up
    }
  }
  console.error(`${name} is not installed: run "npm ci" first`);
  return process.exit(1);
}

/** Runs `tool` with `args`; exits with its exit code unless that is 0. */
export function run(tool, args, { env = process.env } = {}) {
  const { status, signal } = spawnSync(process.execPath, commandOf(tool, args), {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  endUnless0(tool, status, signal);
}

/** Like `run`, and also writes everything that it prints to `file`. */
export async function runKept(tool, args, { env = process.env, file }) {
  const child = spawn(process.execPath, commandOf(tool, args), {
    cwd: root,
    env: process.stdout.isTTY && !env.NO_COLOR ? { FORCE_COLOR: '1', ...env } : env,
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const kept = createWriteStream(file);
  for (const name of ['stdout', 'stderr']) {
    child[name].pipe(process[name], { end: false });
    child[name].on('data', (chunk) => kept.write(chunk));
  }
  const [status, signal] = await once(child, 'close');
  await new Promise((resolve) => kept.end(resolve));
  endUnless0(tool, status, signal);
}

/** Runs npm, and returns its result as `spawnSync` does. */
export const npm = (args) => spawnSync(...npmCommand(args));

/** Runs npm without blocking this process. Resolves with its exit code. */
export async function npmInBackground(args) {
  const [status] = await once(spawn(...npmCommand(args)), 'close');
  return status;
}

/** The npm that runs this script, or else the one in the PATH, which is a shell script on Windows. */
function npmCommand(args) {
  const { npm_execpath: own } = process.env;
  return own
    ? [process.execPath, [own, ...args], { stdio: 'inherit' }]
    : ['npm', args, { stdio: 'inherit', shell: process.platform === 'win32' }];
}

const commandOf = (tool, args) => (tool === 'node' ? args : [binaryOf(tool), ...args]);

function endUnless0(tool, status, signal) {
  if (status === 0) return;
  console.error(`${tool} failed${signal ? ` (${signal})` : ''}`);
  process.exit(status ?? 1);
}
