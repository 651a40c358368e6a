// An empty project into which the package is installed as users install it, with the libraries of
// test/clients beside it and the examples of the documents.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { examplesOf, LIBRARIES, linkPackage, ROOT } from '../support/examples.js';

/** Documents with JavaScript and TypeScript that runs in the project. */
const WITH_EXAMPLES = [
  'README.md',
  ...['first-test', 'frameworks', 'gate-headers', 'middleware', 'testing'].map(
    (name) => `docs/${name}.md`,
  ),
  'docs/migrate/passport-azure-ad.md',
];

export interface Project {
  /** Of ES modules, with Express 5. */
  folder: string;
  /** Inside, of CommonJS, with Express 4. */
  older: string;
  tarball: string;
  remove(): void;
}

export function createProject(): Project {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-package-'));
  // The npm that runs the tests; that of the PATH is a shell script on Windows.
  const { npm_execpath: own } = process.env;
  const npm = (args: string[]) =>
    execFileSync(
      own ? process.execPath : 'npm',
      [...(own ? [own] : []), ...args, '--ignore-scripts', '--loglevel=error'],
      {
        cwd: folder,
        timeout: 120_000,
        encoding: 'utf8',
        shell: !own && process.platform === 'win32',
      },
    );
  // The build that this run tests.
  const name = npm(['pack', ROOT, '--silent']).trim();
  const tarball = path.join(folder, name);
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "private": true }');
  npm(['install', `./${name}`, '--prefer-offline', '--no-audit', '--no-fund']);

  const older = path.join(folder, 'older');
  mkdirSync(older);
  writeFileSync(path.join(older, 'package.json'), '{ "private": true }');
  const libraries = ['connect', 'express', 'fastify', 'supertest', 'vitest'];
  const scoped = ['@fastify/express', '@fastify/middie', '@playwright/test'];
  const types = ['@types/express', '@types/connect', '@types/supertest'];
  for (const library of [...libraries, ...scoped, ...types])
    linkPackage(folder, library, LIBRARIES);
  linkPackage(folder, '@types/node', path.join(ROOT, 'node_modules'));
  linkPackage(older, 'express', LIBRARIES, 'express-4');
  linkPackage(older, '@types/express', LIBRARIES, 'types-express-4');

  for (const document of WITH_EXAMPLES) {
    for (const [file, text] of examplesOf(document)) {
      writeFileSync(path.join(file.endsWith('.cjs') ? older : folder, file), text);
    }
  }
  for (const place of [folder, older]) {
    cpSync(
      path.join(folder, 'node_modules/b2c-signin/config.example.json'),
      `${place}/config.json`,
    );
  }
  cpSync(path.join(folder, 'express.ts'), path.join(older, 'express.ts'));
  return {
    folder,
    older,
    tarball,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
