// The package as it is published: installed into an empty project, where the examples of README and
// docs run as they stand there.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { publint } from 'publint';
import { createSignIn } from '../../dist/index.js';
import {
  createClient,
  signInAs,
  startEmulator,
  type TestEmulator,
} from '../../dist/testing/testing.js';
import { missingPackage } from '../clients/client-contract.js';
import { findChromium } from '../support/chromium.js';
import { blocksOf, DOCUMENTS, LIBRARIES, linksIn, ROOT } from '../support/examples.js';
import { freePort } from '../support/free-port.js';
import { runProgram } from '../support/program.js';
import { until } from '../support/redis.js';
import { isOpen } from '../support/server-process.js';
import { createProject, type Project } from './project.js';

const ALICE = 'alice@example.com';

const skip = missingPackage('vitest') ?? false;

let project: Project;
let emulator: TestEmulator;
before(async () => {
  if (skip) return;
  project = createProject();
  emulator = await startEmulator();
});
after(async () => {
  await emulator?.close();
  project?.remove();
});

/** Runs an example on a free port, with the emulator as its tenant. */
async function runExample(t: TestContext, file: string): Promise<string> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { tenant, client } = emulator.configFor(url);
  const cwd = file.endsWith('.cjs') ? project.older : project.folder;
  const program = runProgram(t, [], {
    cwd,
    server: path.join(cwd, file),
    env: {
      NODE_V8_COVERAGE: undefined,
      PORT: String(port),
      B2C_SIGNIN_BASEURL: url,
      B2C_SIGNIN_TENANT_AUTHORITY: tenant.authority,
      B2C_SIGNIN_TENANT_TENANTID: emulator.tenant.id,
      B2C_SIGNIN_TENANT_ALLOWPLAINHTTP: 'true',
      B2C_SIGNIN_CLIENT_ID: client.id,
      B2C_CLIENT_SECRET: String(client.secret),
      SESSION_SECRET: 'a-session-secret-for-examples-of-40-letters',
    },
  });
  await program.says('metadata_loaded');
  await until(() => isOpen(port));
  return url;
}

describe('an example of the documents signs people in:', { concurrency: 2, skip }, () => {
  const files = [
    'server.mjs',
    'compiled/main.js',
    'node.mjs',
    'connect.mjs',
    'fastify.mjs',
    'express.cjs',
    'node.cjs',
  ];
  for (const file of files) {
    test(file, async (t) => {
      if (file === 'compiled/main.js') await compile('main.ts');
      const client = createClient(await runExample(t, file));
      assert.equal((await client.get('/orders')).status, 401);
      await signInAs(client, ALICE);
      assert.equal(await (await client.get('/orders')).text(), 'Orders of Alice Example');
    });
  }

  test('websocket.mjs, which accepts signed-in users, from its own pages', async (t) => {
    const url = await runExample(t, 'websocket.mjs');
    const client = createClient(url);
    let cookie = '';
    const browser = {
      async get(address: string) {
        const answer = await client.get(address);
        for (const line of answer.headers.getSetCookie()) {
          if (line.startsWith('b2c-signin=')) cookie = line.split(';')[0] ?? '';
        }
        return answer;
      },
    };
    await signInAs(browser, ALICE);
    assert.match(await upgrade(url, { cookie, origin: url }), /^101 Hello Alice Example$/);
    assert.match(await upgrade(url, { origin: url }), /^401/);
    assert.match(await upgrade(url, { cookie, origin: 'http://other.example' }), /^401/);
  });
});

/** Asks for a websocket: the status, and what comes first. */
function upgrade(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { connection: 'Upgrade', upgrade: 'echo', ...headers } });
    asked.once('upgrade', ({ statusCode }, socket, head) => {
      const chunks = [head];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.once('end', () => resolve(`${statusCode} ${Buffer.concat(chunks)}`));
    });
    asked.once('response', ({ statusCode }) => resolve(String(statusCode)));
    asked.once('error', reject);
    asked.end();
  });
}

// Others may load the machine.
const PATIENCE_MS = 120_000;

/** Ends well, or says why not. */
function run(args: string[], { cwd = project.folder, env = {} } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd,
      timeout: PATIENCE_MS,
      // Neither coverage nor the notes of this run, nor its being a test.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    };
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      error ? reject(new Error(`${args.join(' ')}:\n${stdout}\n${stderr}`)) : resolve(stdout),
    );
  });
}

test('the documented API accepts access tokens of its tenant with its scope', {
  skip,
}, async (t) => {
  const port = await freePort();
  const { url, close } = await startTokenServer();
  t.after(close);
  writeFileSync(path.join(project.folder, 'api-server.ts'), apiServer());
  await compile('api-server.ts');
  runProgram(t, [], {
    cwd: project.folder,
    server: path.join(project.folder, 'compiled/api-server.js'),
    env: { NODE_V8_COVERAGE: undefined, PORT: String(port) },
  });
  await until(() => isOpen(port));

  const statusOf = async (route: string, token = '') => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`http://localhost:${port}${route}`, { headers })).status;
  };
  const client = createClient(url);
  await signInAs(client, ALICE);
  const [ofApi, ofApplication] = [await client.get('/?api'), await client.get('/')];
  const token = await ofApi.text();
  assert.equal(await statusOf('/api/tasks', token), 200);
  assert.equal(await statusOf('/api/lists', token), 403);
  assert.equal(await statusOf('/api/tasks', await ofApplication.text()), 401);
  assert.equal(await statusOf('/api/tasks', `${token.slice(0, -4)}AAAA`), 401);
  assert.equal(await statusOf('/api/tasks'), 401);
});

/** The API of docs/middleware.md as a server, with the emulator of this test and a second scope. */
function apiServer(): string {
  const documented = blocksOf('docs/middleware.md').find(({ text }) =>
    text.includes("'/api/tasks', requireScope("),
  );
  assert.ok(documented);
  return [
    "import express from 'express';",
    'const app = express();',
    documented.text.replaceAll('http://127.0.0.1:3001', new URL(emulator.issuer).origin),
    "app.get('/api/lists', requireScope('lists.read'));",
    "app.listen(process.env['PORT']);",
  ].join('\n');
}

/** An application that returns an access token of its user: for itself, or for `/?api` of the API. */
async function startTokenServer() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const signIn = await createSignIn({ ...emulator.configFor(url), log: { level: 'silent' } });
  server.on('request', (request, response) =>
    signIn.middleware(request, response, async () => {
      const scopes = ['https://fabrikamb2c.onmicrosoft.com/tasks-api/tasks.read'];
      const options = request.url === '/?api' ? { scopes } : {};
      response.end(await signIn.accessToken(request, options));
    }),
  );
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await signIn.close();
  };
  return { url, close };
}

/** Compiles an example and what it imports into the folder `compiled`. */
function compile(file: string): Promise<string> {
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
  const emit = ['--rewriteRelativeImportExtensions', '--outDir', 'compiled', '--ignoreConfig'];
  return run([tsc, file, ...options, ...emit]);
}

describe('the test kit, as documented, with', { concurrency: 2, skip }, () => {
  test('node:test', async () => {
    assert.match(await run(['--test', 'node.test.js']), /pass 2\b/);
  });

  test('node:test in TypeScript', async () => {
    await compile('orders.test.ts');
    assert.match(await run(['--test', 'compiled/orders.test.js']), /pass 1\b/);
  });

  test('supertest', async () => {
    assert.match(await run(['--test', 'supertest.test.js']), /pass 1\b/);
  });

  test('vitest', async () => {
    const program = path.join(LIBRARIES, 'vitest/vitest.mjs');
    const patience = ['--hookTimeout', '--testTimeout'].map((name) => `${name}=${PATIENCE_MS}`);
    assert.match(await run([program, 'run', 'vitest.test.js', ...patience]), /1 passed/);
  });

  test('Playwright', async (t) => {
    const executablePath = findChromium(t);
    if (!executablePath) return;
    const settings = {
      ...{ timeout: PATIENCE_MS, expect: { timeout: PATIENCE_MS } },
      use: { launchOptions: { executablePath, args: ['--no-sandbox'] } },
    };
    const config = `export default ${JSON.stringify(settings)};\n`;
    writeFileSync(path.join(project.folder, 'playwright.config.js'), config);
    const program = path.join(LIBRARIES, '@playwright/test/cli.js');
    assert.match(await run([program, 'test', 'playwright.spec.js', '--reporter=line']), /1 passed/);
  });
});

describe('types are right, and wrong settings faults, with moduleResolution', { skip }, () => {
  // Express 5 in an ES module, Express 4 in CommonJS, and the rest.
  const files = [
    ...[
      'express.ts',
      'older/express.ts',
      'main.ts',
      'api.ts',
      'assertion.ts',
      'request.ts',
      'orders.ts',
    ],
    'fits.ts',
  ];
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2023'];
  const tsc = [path.join(ROOT, 'node_modules/typescript/bin/tsc'), ...files, ...options];
  const rest = ['--types', 'node', '--ignoreConfig', '--moduleResolution'];
  before(() => writeFileSync(path.join(project.folder, 'fits.ts'), FITS));

  for (const [resolution, module] of [
    ['nodenext', 'nodenext'],
    ['node16', 'node16'],
    ['bundler', 'esnext'],
  ] as const) {
    test(resolution, async () => {
      await run([...tsc, ...rest, resolution, '--module', module]);
    });
  }
});

const FITS = `
import { createServer } from 'node:http';
import middie from '@fastify/middie';
import type { BrowserContext, Page } from '@playwright/test';
import { createSignIn, type SignInConfig } from 'b2c-signin';
import { createClient, signInAs, startEmulator } from 'b2c-signin/testing';
import connect from 'connect';
import express from 'express';
import Fastify from 'fastify';
import supertest from 'supertest';

const emulator = await startEmulator({ accounts: [{ email: 'carol@example.com' }] });
const config: SignInConfig = emulator.configFor('http://localhost:3000');
const app = Fastify({ logger: true });
const signIn = await createSignIn(config, { log: app.log });
await createSignIn('config.json');

connect().use(signIn.middleware).use('/x', signIn.requireUser({ maxAgeSeconds: 60 }));
express.Router().use('/x', signIn.requireUser({ claims: { extension_Role: ['admin'] } }));
createServer((request, response) => signIn.middleware(request, response, () => response.end()));
await app.register(middie);
app.use(signIn.middleware);
const guard = signIn.requireUser();
app.get('/', { onRequest: (request, reply, done) => guard(request.raw, reply.raw, done) }, async () => '');

await signInAs(createClient('http://localhost:3000'), 'a', { policy: 'signIn', claims: { a: 1 } });
await signInAs(supertest.agent(express()), 'a');
export const inPlaywright = (page: Page, context: BrowserContext) =>
  Promise.all([signInAs(page, 'a'), signInAs(context, 'a'), signInAs(page.request, 'a')]);

// @ts-expect-error: no such setting
await createSignIn({ ...config, sesion: {} });
// @ts-expect-error: not that kind of value
await createSignIn({ ...config, signedOutPages: 'page' });
// @ts-expect-error: something is missing
await createSignIn({ baseUrl: 'http://localhost:3000' });
`;

describe('the package', { skip }, () => {
  test('holds what is needed to run it and to read about it, and nothing else', () => {
    const folder = path.join(project.folder, 'node_modules/b2c-signin');
    assert.deepEqual(readdirSync(folder).sort(), [
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md'],
      ...['config.example.json', 'config.schema.json', 'dist', 'docs', 'package.json', 'templates'],
    ]);
    const filesOf = (place: string) =>
      readdirSync(place, { recursive: true, encoding: 'utf8' })
        .filter((file) => statSync(path.join(place, file)).isFile())
        .sort();
    for (const whole of ['docs', 'templates']) {
      const [packed, own] = [folder, ROOT].map((place) => filesOf(path.join(place, whole)));
      assert.deepEqual(packed, own);
    }
    const built = filesOf(path.join(folder, 'dist'));
    assert.deepEqual(
      built.filter((file) => !/\.(js|cjs|d\.ts|d\.cts)$/.test(file)),
      ['program/packages.LICENSE.txt'],
    );
    const { size } = statSync(project.tarball);
    assert.ok(size < 1_650_000, `${size} bytes`);
  });

  test('holds every document, file and picture that its documents lead to', () => {
    const folder = path.join(project.folder, 'node_modules/b2c-signin');
    for (const document of DOCUMENTS) {
      for (const { target } of linksIn(document)) {
        assert.ok(existsSync(path.join(folder, target)), `${document}: ${target}`);
      }
    }
  });

  test('is what attw and publint want, with no rule switched off', async () => {
    const attw = path.join(LIBRARIES, '@arethetypeswrong/cli/dist/index.js');
    await run([attw, project.tarball, '--no-emoji', '--no-color']);
    const { buffer, byteOffset, byteLength } = readFileSync(project.tarball);
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball }, strict: true });
    assert.deepEqual(messages, []);
  });

  test('is one module, whether imported or required', async () => {
    for (const name of ['b2c-signin', 'b2c-signin/testing', 'b2c-signin/emulator']) {
      const code = `const required = require('${name}');
        import('${name}').then((imported) => {
          const { 'module.exports': _, ...rest } = imported;
          for (const key of Object.keys(rest)) if (required[key] !== imported[key]) process.exit(1);
          console.log(Object.keys(required).length);
        });`;
      assert.match(await run(['--input-type=commonjs', '-e', code]), /^[1-9]/);
    }
  });

  test('has its program, and needs no more packages than it says', () => {
    const bin = path.join(project.folder, 'node_modules/.bin/b2c-signin');
    assert.ok(existsSync(bin) || existsSync(`${bin}.cmd`));
    const program = path.join(project.folder, 'node_modules/b2c-signin/dist/server.js');
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    assert.equal(
      execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8' }).trim(),
      version,
    );
  });
});
