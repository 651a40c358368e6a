// createSignIn, for applications that mount the middleware.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { createSignIn, type SignInConfig } from '../../dist/index.js';
import {
  createClient,
  signInAs,
  startEmulator,
  type TestEmulator,
} from '../../dist/testing/testing.js';
import { mountApp } from '../support/app.js';
import { emptyFolder } from '../support/folder.js';
import { rawRequest } from '../support/raw-request.js';
import { skipWithoutRedis, startRedis } from '../support/redis.js';

let emulator: TestEmulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.close());

const quiet = { log: { level: 'silent' as const } };

/** A server that listens before the middleware is configured with its URL, as in docs/testing.md. */
async function startServer(t: TestContext) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://localhost:${port}`,
    answer: (listener: RequestListener) => server.on('request', listener),
  };
}

async function signInFor(t: TestContext, url: string, over: Partial<SignInConfig> = {}) {
  const signIn = await createSignIn({ ...emulator.configFor(url), ...quiet, ...over });
  t.after(() => signIn.close());
  return signIn;
}

describe('createSignIn accepts', () => {
  test('an object, and reports all its issues at once', async () => {
    const faulty = { ...emulator.configFor('ftp://x'), sesion: {}, signedOutPages: 'never' };
    await assert.rejects(createSignIn(faulty as never), (error: Error & { code: string }) => {
      assert.equal(error.code, 'config_invalid');
      assert.match(error.message, /baseUrl:.*\n.*signedOutPages:.*\n.*sesion: unknown setting/s);
      return true;
    });
  });

  test('the path of a file, with paths relative to that file', async (t) => {
    const folder = emptyFolder(t);
    const config = {
      ...emulator.configFor('http://localhost:3000'),
      session: { secrets: [{ file: 'secret.txt' }] },
    };
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    const secret = path.join(folder, 'secret.txt');
    writeFileSync(secret, `${'s'.repeat(40)}\n`, { mode: 0o600 });
    const signIn = await createSignIn(path.join(folder, 'config.json'), { log: noLog });
    await signIn.close();
    await assert.rejects(createSignIn(path.join(folder, 'none.json')), { code: 'config_invalid' });
  });

  test('overrides from the environment, as the program does', async (t) => {
    t.after(() => delete process.env['B2C_SIGNIN_SIGNEDOUTPAGES']);
    process.env['B2C_SIGNIN_SIGNEDOUTPAGES'] = 'never';
    await assert.rejects(createSignIn(emulator.configFor('http://localhost:3000')), {
      code: 'config_invalid',
      message: /^signedOutPages:/,
    });
  });

  test('a secret file that is readable by all users, with a warning', {
    skip: process.platform === 'win32' && 'files have no mode on Windows',
    timeout: 30_000,
  }, async (t) => {
    const file = path.join(emptyFolder(t), 'secret.txt');
    writeFileSync(file, 's'.repeat(40), { mode: 0o644 });
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    await signInFor(t, 'http://localhost:3000', { session: { secrets: [{ file }] } });
    assert.match(
      (await warned).message,
      /^warning: .*secret\.txt contains a secret and is readable by all users\. Run: chmod o= /,
    );
  });
});

const noLog = { debug() {}, info() {}, warn() {}, error() {} };

describe('the log', () => {
  test('goes to the application’s logger, fields first', async (t) => {
    const lines: [string, object, string][] = [];
    const at = (level: string) => (fields: object, message: string) => {
      lines.push([level, fields, message]);
    };
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    const { url, answer } = await startServer(t);
    const signIn = await createSignIn(emulator.configFor(url), { log });
    t.after(() => signIn.close());
    answer((request, response) => void signIn.middleware(request, response, () => response.end()));
    const client = createClient(url);
    await signInAs(client, 'alice@example.com');
    const [level, fields] = lines.find(([, , event]) => event === 'sign_in_completed') ?? [];
    assert.equal(level, 'info');
    assert.equal((fields as { policy: string }).policy, 'signIn');
    await client.get('/auth/redirect');
    assert.ok(lines.some(([level, , event]) => level === 'warn' && event === 'sign_in_failed'));
  });
});

describe('the middleware', () => {
  // Each of these gets a response immediately and does not hang.
  test('rejects a form whose body was already read and not kept', async (t) => {
    const { url, answer } = await startServer(t);
    const signIn = await signInFor(t, url);
    answer(async (request, response) => {
      for await (const _ of request);
      void signIn.middleware(request, response, () => response.end());
    });
    const client = createClient(url);
    const body = new URLSearchParams({ end: 'all' });
    const refused = await client.fetch('/auth/sessions', { method: 'POST', body });
    assert.equal(refused.status, 400);
  });

  for (const [what, parsed] of [
    ['text', (text: string) => text],
    ['bytes', (text: string) => Buffer.from(text)],
    ['an object', (text: string) => Object.fromEntries(new URLSearchParams(text))],
  ] as const) {
    test(`accepts a form that a body parser has kept as ${what}`, async (t) => {
      const { url, answer } = await startServer(t);
      const signIn = await signInFor(t, url);
      answer(async (request, response) => {
        let text = '';
        for await (const chunk of request) text += chunk;
        Object.assign(request, { body: parsed(text) });
        void signIn.middleware(request, response, () => response.end());
      });
      const client = createClient(url);
      await signInAs(client, 'alice@example.com');
      const body = new URLSearchParams({ end: 'all' });
      const left = await client.fetch('/auth/sessions', { method: 'POST', body });
      assert.equal(left.status, 200);
      assert.equal((await client.get('/auth/sessions')).status, 401);
    });
  }

  test('passes ambiguous request targets, which the program rejects, to the next handler', async (t) => {
    const { url, port, answer } = await startServer(t);
    const signIn = await signInFor(t, url);
    answer((request, response) => {
      void signIn.middleware(request, response, () => response.end(`own: ${request.url}`));
    });
    for (const target of ['//twice', '/a\\b', `${url}/auth/sign_in`, '/auth/%73ign_in']) {
      const { text } = await rawRequest(
        port,
        `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      assert.ok(text.includes(`own: ${target}`), target);
    }
  });

  test('does not catch errors of the application, synchronous or asynchronous', async (t) => {
    const { url, answer } = await startServer(t);
    const signIn = await signInFor(t, url);
    const guard = signIn.requireUser();
    const failures: string[] = [];
    answer(async (request, response) => {
      try {
        await signIn.middleware(request, response, async () => {
          await guard(request, response, async () => {
            throw new Error('of the application');
          });
        });
      } catch (error) {
        failures.push((error as Error).message);
        response.writeHead(500).end();
      }
    });
    const client = createClient(url);
    await signInAs(client, 'alice@example.com');
    assert.equal((await client.get('/orders')).status, 500);
    assert.deepEqual(failures, ['of the application']);
  });
});

describe('userOf', () => {
  test('reads the session each time, so that an open connection notices a sign-out', async (t) => {
    const { url, answer } = await startServer(t);
    const signIn = await signInFor(t, url);
    let kept: Parameters<typeof signIn.userOf>[0] | undefined;
    answer((request, response) => {
      if (request.url === '/open') kept = request;
      void signIn.middleware(request, response, () => response.end());
    });
    const client = createClient(url);
    await signInAs(client, 'alice@example.com');
    await client.get('/open');
    assert.ok(kept);
    assert.equal((await signIn.userOf(kept))?.email, 'alice@example.com');
    await client.fetch('/auth/sign_out', { method: 'POST' });
    assert.equal(await signIn.userOf(kept), undefined);
  });

  const stores = {
    'in memory': { skip: false, session: async () => ({}) },
    'in Redis': {
      skip: skipWithoutRedis(),
      session: async (t: TestContext) => ({
        store: { kind: 'redis' as const, url: (await startRedis(t)).url },
      }),
    },
  };
  for (const [where, { skip, session }] of Object.entries(stores)) {
    test(`returns a copy of the user that the application may change (${where})`, {
      skip,
    }, async (t) => {
      const { url, answer } = await startServer(t);
      const { session: own } = emulator.configFor(url);
      const signIn = await signInFor(t, url, { session: { ...own, ...(await session(t)) } });
      const guard = signIn.requireUser({ claims: { extension_Role: ['admin'] } });
      answer((request, response) => {
        void signIn.middleware(request, response, async () => {
          if (request.url === '/admin') return guard(request, response, () => response.end());
          const user = await signIn.userOf(request);
          if (!user) return response.writeHead(401).end();
          const seen = JSON.stringify(user);
          user.subject = user.name = 'somebody else';
          user.claims['extension_Role'] = 'admin';
          (user.claims['extension_Groups'] as string[]).push('admins');
          return response.end(seen);
        });
      });
      const client = createClient(url);
      await signInAs(client, 'alice@example.com', { claims: { extension_Groups: ['readers'] } });
      const me = async () => (await client.get('/auth/me')).text();
      const [before, first] = [await me(), await (await client.get('/')).text()];
      assert.match(first, /"extension_Groups":\["readers"\]/);
      assert.equal(await (await client.get('/')).text(), first);
      assert.equal((await client.get('/admin')).status, 403);
      assert.equal(await me(), before);
    });
  }

  test('extends the session, except with slide: false', async (t) => {
    for (const slide of [true, false]) {
      let passed = 0;
      const app = await mountApp(
        t,
        async (own, request, response) => {
          const user = await own.userOf(request, { slide });
          response.end(user ? 'user' : 'visitor');
        },
        { now: () => Date.now() + passed },
      );
      const browser = await app.signedIn();
      passed += 50 * 60_000;
      assert.equal((await browser.get('/')).body, 'user');
      passed += 20 * 60_000;
      assert.equal((await browser.get('/')).body, slide ? 'user' : 'visitor');
    }
  });
});
