import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type RunningApp, type StartOptions, startApp } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { KEPT, type RedisServer, skipWithoutRedis, startRedis, until } from '../support/redis.js';

const skip = skipWithoutRedis();
const COOKIE = 'b2c-signin';

interface Given {
  server: RedisServer;
  app: RunningApp;
  browser: Browser;
}

async function start(t: TestContext, config: StartOptions['config'] = {}): Promise<Given> {
  const server = await startRedis(t, { args: KEPT });
  const store = { kind: 'redis', url: server.url, timeoutMs: 300 };
  const app = await startApp(t, { config: { session: { store }, ...config } });
  return { server, app, browser: await app.signedIn() };
}

const readiness = async ({ url }: RunningApp) => {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, body: await answer.json() };
};

function assertUnavailable(answer: Answer): void {
  assert.equal(answer.status, 503);
  assert.ok(Number(answer.headers['retry-after']) > 0);
  assert.equal(answer.location, '');
  assert.deepEqual(
    answer.setCookies.filter((line) => line.startsWith(`${COOKIE}=`)),
    [],
    'the session cookie is neither set nor cleared',
  );
}

/** Signs in and returns the response to the callback. */
async function signIn({ app }: Given, browser: Browser): Promise<Answer> {
  const { location } = await browser.get('/auth/sign_in');
  return browser.get(await app.control.authorize(location, { as: 'bob@example.com' }));
}

const outages: [string, (server: RedisServer) => Promise<unknown> | unknown][] = [
  ['is down', (server) => server.kill()],
  ['does not respond', (server) => process.kill(server.pid(), 'SIGSTOP')],
];

const recoveries: Record<string, (server: RedisServer) => Promise<unknown> | unknown> = {
  'is down': (server) => server.start(),
  'does not respond': (server) => process.kill(server.pid(), 'SIGCONT'),
};

describe('while the store', { skip }, () => {
  for (const [what, fail] of outages) {
    test(`${what}, sessions are kept, and no sign-in starts a session`, async (t) => {
      const given = await start(t, { signedOutPages: 'redirect' });
      const { server, app, browser } = given;
      const visitor = app.browser();
      await fail(server);

      for (const path of ['/', '/auth/token_details', '/auth/sessions', '/auth/sign_out']) {
        assertUnavailable(await browser.get(path));
      }
      const me = await browser.get('/auth/me', { accept: 'application/json' });
      assertUnavailable(me);
      assert.equal(JSON.parse(me.body).error, 'store_unreachable');
      assertUnavailable(await browser.post('/auth/sign_out'));

      assert.equal((await visitor.get('/')).status, 200);
      assert.equal((await visitor.get('/auth/token_details')).status, 302);
      assertUnavailable(await signIn(given, visitor));
      assert.equal(visitor.cookies.has(COOKIE), false);

      assert.equal((await fetch(`${app.url}/healthz`)).status, 200);
      const unready = { status: 503, body: { status: 'not ready', store: 'unreachable' } };
      assert.deepEqual(await readiness(app), unready);
      const logged = app.log.of('request_failed').filter((l) => l['code'] === 'store_unreachable');
      assert.ok(logged.length >= 7);

      await recoveries[what]?.(server);
      await until(async () => (await readiness(app)).status === 200);
      assert.match((await browser.get('/auth/token_details')).body, /Alice Example/);
      assert.equal((await signIn(given, visitor)).status, 303);
    });
  }

  const refusals: [string, (server: RedisServer) => Promise<string>][] = [
    ['is full', (server) => server.cli('config', 'set', 'maxmemory', '1')],
    ['is read-only', async (server) => server.cli('replicaof', '127.0.0.1', `${await freePort()}`)],
  ];
  for (const [what, refuse] of refusals) {
    test(`${what}, signed-in users stay signed in, even after a failed sign-in`, async (t) => {
      t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
      const given = await start(t);
      const { server, app, browser } = given;
      const cookie = browser.cookies.get(COOKIE);
      await refuse(server);
      assertUnavailable(await signIn(given, browser));
      assert.equal(browser.cookies.get(COOKIE), cookie);
      const visitor = app.browser();
      assertUnavailable(await signIn(given, visitor));
      // Late enough to extend the idle timeout, which fails.
      t.mock.timers.setTime(Date.now() + 20 * 60_000);
      await until(async () => (await readiness(app)).status === 200);
      assert.match((await browser.get('/auth/token_details')).body, /Alice Example/);
    });
  }

  test('is down at the start, the process runs, is not ready, and becomes ready', async (t) => {
    const server = await startRedis(t);
    await server.kill();
    const store = { kind: 'redis', url: server.url, timeoutMs: 300 };
    const app = await startApp(t, { config: { session: { store } } });
    assert.equal((await fetch(`${app.url}/healthz`)).status, 200);
    assert.equal((await readiness(app)).status, 503);
    assert.equal((await app.browser().get('/')).status, 200);
    await server.start();
    await until(async () => (await readiness(app)).status === 200);
    const browser = await app.signedIn();
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('contains a damaged session, the user has to sign in again', async (t) => {
    const { server, app, browser } = await start(t);
    const key = `b2c-signin:session:${browser.cookies.get(COOKIE)?.slice(-43)}`;
    assert.equal(await server.cli('exists', key), '1');
    await server.cli('set', key, '{"user":"Mallory"}');
    assert.equal((await browser.get('/auth/token_details')).status, 401);
    assert.equal(await server.cli('exists', key), '0');
    assert.equal(app.log.of('session_corrupt').length, 1);
  });
});
