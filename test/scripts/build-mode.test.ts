// The build keeps "npx b2c-signin" working in projects that link to this folder.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/examples.js';

test('the build makes the CLI entry point executable', {
  skip: process.platform === 'win32' ? 'Windows has no such mode' : false,
}, () => {
  const { mode } = statSync(path.join(ROOT, 'dist/server.js'));
  assert.equal(mode & 0o111, 0o111);
});
