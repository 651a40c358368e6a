// Installs the client libraries of test/clients if they are missing or outdated. They are ten times what
// the program itself needs, so "npm ci" of the project does not install them.
import { statSync } from 'node:fs';
import path from 'node:path';
import { npmInBackground } from './run.js';

const folder = path.join(import.meta.dirname, '../test/clients');

/** Resolves when they are installed, or could not be. */
export async function installClients() {
  const wanted = changedAt('package-lock.json');
  // npm writes this file at the end of an installation.
  if (changedAt('node_modules/.package-lock.json') >= wanted) return;
  console.log('Installing the client libraries into test/clients/ …');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Without a network, fail soon instead of after minutes.
  const patience = ['--prefer-offline', '--fetch-retry-mintimeout=1000'];
  const status = await npmInBackground(['ci', '--prefix', folder, ...options, ...patience]);
  if (status !== 0) console.error('They could not be installed: their tests cannot run.');
}

function changedAt(file) {
  return statSync(path.join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
