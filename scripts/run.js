// Runs a program of node_modules with this very Node, without a shell, on any system.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

// A tool's own start file is found in its package, because node_modules/.bin is a shell script on
// Windows, which cannot be started without a shell.
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
      // not in this folder: look in the next one up
    }
  }
  throw new Error(`${name} is not installed: run "npm ci" first`);
}

/** Runs `tool` with `args` and ends this process with its exit code when that is not 0. */
export function run(tool, args, { env = process.env } = {}) {
  const command = tool === 'node' ? args : [binaryOf(tool), ...args];
  const { status, signal } = spawnSync(process.execPath, command, {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error(`${tool} failed${signal ? ` (${signal})` : ''}`);
    process.exit(status ?? 1);
  }
}
