// The container image, made by hand as the Dockerfile says, since there may be no container engine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { createBrowser } from '../support/browser.js';
import { emulatorControl } from '../support/emulator-control.js';
import { ROOT } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { note } from '../support/leak-notes.js';
import { moved } from '../support/migrated-app.js';
import { runProgram } from '../support/program.js';
import { skipWithoutRedis, startRedis } from '../support/redis.js';
import { buildImage, type Image } from './dockerfile.js';

const skip =
  process.platform === 'win32'
    ? 'the steps of the Dockerfile are for a Unix shell'
    : skipWithoutRedis();

const SECRET = 'a-session-secret-of-the-container-with-40-letters';

describe('the image', { skip }, () => {
  let image: Image;
  const inImage = (file: string) => path.join(image.root, file);
  before(() => {
    image = buildImage();
    // Others may go there, as in a container.
    chmodSync(path.dirname(image.root), 0o755);
    takeWriting(image.root);
  });
  after(() => image?.remove());

  test('holds the program, what it needs, and nothing that builds or tests it', () => {
    const kept = ['LICENSE', 'dist', 'node_modules', 'package.json', 'templates'];
    assert.deepEqual(readdirSync(inImage('app')).sort(), kept);
    const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const dependencies = { ...manifest.dependencies, ...manifest.optionalDependencies };
    const packages = readdirSync(inImage('app/node_modules')).filter((name) => name[0] !== '.');
    const needed = [...Object.keys(dependencies), '@redis', 'entities', 'oauth4webapi'];
    assert.deepEqual(packages.sort(), needed.sort());
    const files = filesOf(image.root);
    const others = files.filter((file) => /^app.dist.*\.(ts|map)$/.test(file));
    assert.deepEqual(others, []);
    const bytes = files.reduce((sum, file) => sum + lstatSync(inImage(file)).size, 0);
    assert.ok(bytes < 24_000_000, `${bytes} bytes`);
  });

  test('signs in with the configuration of compose.yaml, as a user who can write nothing, and ends with 0', async (t) => {
    const emulator = await createEmulator();
    t.after(() => emulator.close());
    const { folder, port } = await configure(t, new URL(emulator.url).port);
    assert.deepEqual(image.entrypoint, ['/nodejs/bin/node', '/app/dist/server.js']);
    assert.ok(image.user > 0);
    const program = runProgram(t, [], {
      cwd: folder,
      server: inImage('app/dist/server.js'),
      user: image.user,
      env: {
        ...image.env,
        B2C_SIGNIN_LISTEN_HOST: '127.0.0.1',
        B2C_SIGNIN_LISTEN_PORT: String(port),
        NODE_V8_COVERAGE: undefined,
      },
    });
    await program.says('metadata_loaded');
    const browser = createBrowser(`http://localhost:${port}`);
    const { location } = await browser.get('/auth/sign_in');
    const as = { as: 'bob@example.com' };
    await browser.get(await emulatorControl(emulator.url).authorize(location, as));
    assert.equal((await browser.get('/auth/me')).status, 200);
    assert.equal(await healthOf(port), 0);
    program.child.kill('SIGTERM');
    assert.equal(await program.ended, 0);
    assert.equal(await healthOf(port), 1);
  });

  /** Writes docs/containers/sign-in.json with the addresses and files of this test. */
  async function configure(t: TestContext, tenantPort: string) {
    const folder = emptyFolder(t);
    const port = await freePort();
    const { url } = await startRedis(t);
    const text = moved(readFileSync(path.join(ROOT, 'docs/containers/sign-in.json'), 'utf8'), [
      ['localhost:3000', `localhost:${port}`],
      ['localhost:3001', `127.0.0.1:${tenantPort}`],
      ['/run/secrets', '.'],
      ['redis://valkey:6379', url],
    ]);
    note('session secret', SECRET);
    const files = { 'config.json': text, client: 'emulator-secret', session: SECRET };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(path.join(folder, name), content);
    }
    takeWriting(folder);
    return { folder, port };
  }

  /** The exit code of the health check. */
  async function healthOf(port: number): Promise<number> {
    const [node, ...args] = image.healthCheck.map((word) => word.replace(':3000/', `:${port}/`));
    assert.equal(node, '/nodejs/bin/node');
    assert.ok(args.at(-1)?.includes(`:${port}/healthz`));
    const child = spawn(process.execPath, args, { env: {}, stdio: 'ignore' });
    const [code] = await once(child, 'close');
    return code;
  }
});

const filesOf = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' });

/** Makes everything readable by all users, and writable by none. */
function takeWriting(folder: string): void {
  for (const file of [...filesOf(folder), '.']) {
    const full = path.join(folder, file);
    const stat = lstatSync(full);
    if (!stat.isSymbolicLink()) chmodSync(full, stat.isDirectory() ? 0o555 : 0o444);
  }
}
