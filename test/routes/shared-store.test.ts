import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { after, before, beforeEach, describe, mock, type TestContext, test } from 'node:test';
import { CLIENT_ID } from '../emulator/support.js';
import {
  mountApp,
  type RunningApp,
  type StartOptions,
  singleUse,
  startApp,
} from '../support/app.js';
import { type Browser, createBrowser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { KEPT, type RedisServer, skipWithoutRedis, startRedis } from '../support/redis.js';
import { type Scope, shared } from '../support/shared.js';

const skip = skipWithoutRedis();
const COOKIE = 'b2c-signin';

interface Pair {
  server: RedisServer;
  /** One application under one address, as two processes that share a store. */
  apps: [RunningApp, RunningApp];
  /** A browser with the same cookies, at the other process. */
  atOther(browser: Browser): Browser;
  forwardMinutes(minutes: number): void;
  refreshes(): Promise<number>;
}

interface Slowness {
  storeMs: number;
  /** How many responses the store has sent. */
  answers: number;
}

/** The URL of a proxy that delays the responses of the store. */
async function slowed(t: Scope, port: number, slowness: Slowness) {
  const proxy = createServer((socket) => {
    const there = connect(port, '127.0.0.1');
    socket.pipe(there);
    there.on('data', (chunk) => {
      slowness.answers += 1;
      setTimeout(() => socket.write(chunk), slowness.storeMs);
    });
    for (const [one, other] of [
      [socket, there],
      [there, socket],
    ] as const) {
      one.on('error', () => {}).once('close', () => other.destroy());
    }
  });
  const proxyPort = await freePort();
  await new Promise<void>((resolve) => proxy.listen(proxyPort, '127.0.0.1', resolve));
  t.after(() => void proxy.close());
  return `redis://127.0.0.1:${proxyPort}`;
}

function sameBrowser(url: string, browser: Browser): Browser {
  const other = createBrowser(url);
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  return other;
}

async function startPair(
  t: Scope,
  { slowness, ...options }: StartOptions & { slowness?: Slowness } = {},
): Promise<Pair> {
  const server = await startRedis(t, { args: KEPT });
  const url = slowness ? await slowed(t, server.port, slowness) : server.url;
  const session = { idleMinutes: 480, store: { kind: 'redis', url } };
  const start = (more: StartOptions, config = {}) =>
    mountApp(
      t,
      async (app, request, response) => {
        response.end(await app.accessToken(request));
      },
      { ...options, ...more, config: { session, ...config } },
    );
  const first = await start({});
  const second = await start({ tenantOf: first }, { baseUrl: first.url });
  return {
    server,
    apps: [first, second],
    atOther: (browser) => sameBrowser(second.url, browser),
    forwardMinutes: (minutes) => mock.timers.setTime(Date.now() + minutes * 60_000),
    refreshes: () => first.control.count('token'),
  };
}

/** Requests a token, and waits until the provider has the refresh that it needs. */
async function startRefresh({ control }: RunningApp, browser: Browser) {
  const before = await control.count('token');
  const answer = browser.get('/token');
  while ((await control.count('token')) === before) await new Promise(setImmediate);
  return { answer };
}

describe('a restart with sessions in a store', { skip }, () => {
  const setUp = async (t: TestContext) => {
    const { url } = await startRedis(t, { args: KEPT });
    const session = { store: { kind: 'redis', url } };
    const applications = [{ id: CLIENT_ID, secrets: ['the-first-secret', 'the-second-secret'] }];
    const first = await startApp(t, { config: { session }, emulator: { applications } });
    const coming = first.browser();
    const { location } = await coming.get('/auth/sign_in');
    const begun = await first.control.authorize(location, { as: 'alice@example.com' });
    /** Starts another application under the same URL; `there` moves a browser to it. */
    const restarted = async (options: StartOptions) => {
      const config = { session, baseUrl: first.url, ...options.config };
      const app = await startApp(t, { ...options, config });
      return { app, there: (browser: Browser) => sameBrowser(app.url, browser) };
    };
    const callback = begun.replace(first.url, '');
    return { first, signedIn: await first.signedIn(), coming, callback, restarted };
  };

  test('with another tenant ends the sessions and attempts of the previous one', async (t) => {
    const { signedIn, coming, callback, restarted } = await setUp(t);
    const { app, there } = await restarted({});
    assert.equal((await there(signedIn).get('/auth/me')).status, 401);
    assert.equal((await there(coming).get(callback)).status, 400);
    assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'callback_without_attempt');
    assert.equal(await app.control.count('token'), 0, 'the code must not reach the other tenant');
    assert.equal((await signedIn.get('/auth/me')).status, 401, 'it is deleted from the store');
  });

  test('with another client of the same tenant ends them too', async (t) => {
    const { first, signedIn, restarted } = await setUp(t);
    const client = { id: 'f0b6e55f-0000-4000-8000-00000000a0ff', secret: 'one-of-its-own-secrets' };
    const { there } = await restarted({ tenantOf: first, config: { client } });
    assert.equal((await there(signedIn).get('/auth/me')).status, 401);
  });

  test('with another secret of the same client keeps both', async (t) => {
    const { first, signedIn, coming, callback, restarted } = await setUp(t);
    const client = { secret: 'the-second-secret' };
    const { there } = await restarted({ tenantOf: first, config: { client } });
    assert.equal((await there(signedIn).get('/auth/me')).status, 200);
    assert.equal((await there(coming).get(callback)).status, 303);
  });
});

describe('two processes that share a store', { skip }, () => {
  before(() => mock.timers.enable({ apis: ['Date'], now: Date.now() }));
  after(() => mock.timers.reset());
  const pair = shared((scope) => startPair(scope));
  const singleUsePair = shared((scope) => startPair(scope, singleUse));
  beforeEach(async () => {
    for (const { apps } of [pair(), singleUsePair()]) {
      await apps[0].reset();
      apps[1].log.clear();
    }
  });

  test('know the same users, their changes and their sign-outs', async () => {
    const { apps, atOther } = pair();
    const browser = await apps[0].signedIn();
    const other = atOther(browser);
    assert.match((await other.get('/auth/token_details')).body, /Alice Example/);
    const { location } = await other.get('/auth/edit_profile');
    const claims = { name: 'Alice Liddell' };
    const edited = await apps[0].control.authorize(location, { as: 'alice@example.com', claims });
    assert.equal((await other.get(edited.replace(apps[0].url, ''))).status, 303);
    assert.match((await browser.get('/auth/token_details')).body, /Alice Liddell/);
    await browser.post('/auth/sign_out');
    assert.equal((await other.get('/auth/token_details')).status, 401);
  });

  test('finish attempts that the other has started', async () => {
    const { apps, atOther } = pair();
    const browser = apps[0].browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await apps[0].control.authorize(location, { as: 'alice@example.com' });
    const other = atOther(browser);
    assert.equal((await other.get(callback.replace(apps[0].url, ''))).status, 303);
    browser.cookies.set(COOKIE, other.cookies.get(COOKIE) ?? '');
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('accept a callback once, whichever process receives it', async () => {
    const { apps, atOther } = pair();
    const browser = apps[0].browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await apps[0].control.authorize(location, { as: 'alice@example.com' });
    // It still has the attempt cookie, like a second request that was sent at the same time.
    const other = atOther(browser);
    assert.equal((await browser.get(callback)).status, 303);
    assert.equal((await other.get(callback.replace(apps[0].url, ''))).status, 400);
    assert.equal(apps[1].log.of('sign_in_failed').at(-1)?.['code'], 'attempt_used');
    assert.equal(await apps[0].control.count('token'), 1);
  });

  test('show and end each other’s sessions', async () => {
    const { apps, atOther } = pair();
    const alice = { sub: randomUUID() };
    const signIn = () => apps[0].signedIn('alice@example.com', alice);
    const [first, second] = [await signIn(), await signIn()];
    const page = await atOther(second).get('/auth/sessions');
    assert.equal(page.body.match(/name="end" value="\w{12}"/g)?.length, 2);
    const end = { end: 'others' };
    const headers = { origin: apps[0].url };
    assert.equal((await atOther(second).post('/auth/sessions', end, headers)).status, 303);
    assert.equal((await first.get('/auth/token_details')).status, 401);
    assert.equal((await second.get('/auth/token_details')).status, 200);
  });

  test('make one refresh for twenty parallel requests with an expired token', async () => {
    const { apps, atOther, forwardMinutes, refreshes } = singleUsePair();
    const browser = await apps[0].signedIn();
    const other = atOther(browser);
    for (let round = 0; round < 3; round += 1) {
      const before = await refreshes();
      forwardMinutes(60);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 ? other : browser).get('/token')),
      );
      const tokens = new Set(answers.map(({ body }) => body));
      assert.equal(tokens.size, 1);
      assert.match([...tokens][0] ?? '', /^eyJ/);
      assert.equal((await refreshes()) - before, 1);
    }
  });

  test('wait for an unfinished refresh only until its lock expires', async () => {
    const { server, apps, forwardMinutes, refreshes } = singleUsePair();
    const browser = await apps[0].signedIn();
    const before = await refreshes();
    forwardMinutes(60);
    const key = browser.cookies.get(COOKIE)?.slice(-43);
    await server.cli('set', `b2c-signin:lock:${key}`, 'a process that has exited', 'PX', '700');
    const begun = performance.now();
    assert.match((await browser.get('/token')).body, /^eyJ/);
    assert.ok(performance.now() - begun > 400);
    assert.equal((await refreshes()) - before, 1);
  });

  test('use a token that is still valid, or return 503, if the other process takes too long', async (t) => {
    const { server, apps, forwardMinutes } = await startPair(t, { providerTimeoutMs: 300 });
    const browser = await apps[0].signedIn();
    const before = (await browser.get('/token')).body;
    const lock = `b2c-signin:lock:${browser.cookies.get(COOKIE)?.slice(-43)}`;
    // A lock without expiry, or with a longer one, was not set by a process and is deleted.
    const lockElsewhere = () => server.cli('set', lock, 'a slow process', 'PX', '5000');
    await lockElsewhere();
    forwardMinutes(59.5);
    assert.equal((await browser.get('/token')).body, before);
    await lockElsewhere();
    forwardMinutes(1);
    assert.equal((await browser.get('/token')).body, 'provider_unreachable');
    await server.cli('del', lock);
    assert.match((await browser.get('/token')).body, /^eyJ/);
  });

  test('check the lock less often if the store is slow', async (t) => {
    const slowness = { storeMs: 0, answers: 0 };
    const { server, apps, forwardMinutes } = await startPair(t, {
      providerTimeoutMs: 1_000,
      slowness,
    });
    const browser = await apps[0].signedIn();
    const lock = `b2c-signin:lock:${browser.cookies.get(COOKIE)?.slice(-43)}`;
    await server.cli('set', lock, 'a slow process', 'PX', '5000');
    forwardMinutes(61);
    slowness.storeMs = 500;
    slowness.answers = 0;
    assert.equal((await browser.get('/token')).body, 'provider_unreachable');
    // The lock is checked until its deadline, not a fixed number of times.
    assert.ok(slowness.answers < 10, `${slowness.answers} responses of the store`);
  });

  test('wait for a refresh whose lock was deleted', async () => {
    const { server, apps, atOther, forwardMinutes } = singleUsePair();
    const browser = await apps[0].signedIn();
    await apps[0].control.fault('token_slow', { times: 1, delayMs: 800 });
    forwardMinutes(60);
    const { answer: first } = await startRefresh(apps[0], browser);
    await server.cli('del', `b2c-signin:lock:${browser.cookies.get(COOKIE)?.slice(-43)}`);
    const second = await atOther(browser).get('/token');
    assert.match(second.body, /^eyJ/);
    assert.equal(second.body, (await first).body);
    assert.equal(await apps[0].control.reusedTokens(), 0);
  });

  test('do not restore a refresh token that another process has given up', async () => {
    const { server, apps, atOther, forwardMinutes } = singleUsePair();
    const browser = await apps[0].signedIn();
    await apps[0].control.fault('token_slow', { times: 1, delayMs: 3_500 });
    forwardMinutes(60);
    const { answer: first } = await startRefresh(apps[0], browser);
    await server.cli('del', `b2c-signin:lock:${browser.cookies.get(COOKIE)?.slice(-43)}`);
    assert.equal((await atOther(browser).get('/token')).body, 'no_refresh_token');
    assert.match((await first).body, /^eyJ/);
    forwardMinutes(60);
    assert.equal((await browser.get('/token')).body, 'no_refresh_token');
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('keep the new refresh token if the store restarts during the refresh', async () => {
    const { server, apps, forwardMinutes } = singleUsePair();
    const browser = await apps[0].signedIn();
    await apps[0].control.fault('token_slow', { times: 1, delayMs: 600 });
    forwardMinutes(60);
    const { answer: late } = await startRefresh(apps[0], browser);
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 900));
    await server.start();
    const { body } = await late;
    assert.match(body, /^eyJ/);
    forwardMinutes(60);
    assert.notEqual((await browser.get('/token')).body, body);
    assert.equal(await apps[0].control.reusedTokens(), 0);
  });

  test('do not restore a session that ends during a refresh of the other', async () => {
    const { apps, atOther, forwardMinutes } = pair();
    const browser = await apps[0].signedIn();
    const other = atOther(browser);
    await apps[0].control.fault('token_slow', { times: 1 });
    forwardMinutes(61);
    const { answer: late } = await startRefresh(apps[0], browser);
    await other.post('/auth/sign_out', {}, { origin: apps[0].url });
    assert.equal((await late).body, 'not_signed_in');
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  });
});
