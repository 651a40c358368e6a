// The declarations of the package compile with the newest @types/node, with every library checked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { missingPackage } from '../clients/client-contract.js';
import { LIBRARIES, ROOT } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';

const PROGRAM = `
import { createSignIn, type SignInConfig } from 'b2c-signin';
import { createEmulator } from 'b2c-signin/emulator';
import { signInAs, startEmulator } from 'b2c-signin/testing';
export { createEmulator, createSignIn, signInAs, type SignInConfig, startEmulator };
`;

test('the types compile with @types/node 26 and skipLibCheck false', {
  skip: missingPackage('types-node-26') ?? false,
}, (t) => {
  const folder = emptyFolder(t);
  const modules = path.join(folder, 'node_modules');
  const own = path.join(modules, 'b2c-signin');
  mkdirSync(path.join(modules, '@types'), { recursive: true });
  mkdirSync(own);
  cpSync(path.join(ROOT, 'package.json'), path.join(own, 'package.json'));
  cpSync(path.join(ROOT, 'dist'), path.join(own, 'dist'), {
    recursive: true,
    filter: (file) => !/\.(js|cjs|map)$/.test(file),
  });
  symlinkSync(path.join(LIBRARIES, 'types-node-26'), path.join(modules, '@types/node'));
  for (const name of ['undici-types', 'zod', 'jose', 'openid-client', 'oauth4webapi', 'undici']) {
    symlinkSync(
      path.join(name === 'undici-types' ? LIBRARIES : path.join(ROOT, 'node_modules'), name),
      path.join(modules, name),
    );
  }
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'program.ts'), PROGRAM);
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', 'node'];
  const modern = ['--module', 'nodenext', '--target', 'es2023', '--ignoreConfig'];
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, ...options, ...modern, 'program.ts'], { cwd: folder });
  } catch (error) {
    assert.fail(String((error as { stdout?: Buffer }).stdout));
  }
});
