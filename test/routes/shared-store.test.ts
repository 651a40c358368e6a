import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
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

const skip = skipWithoutRedis();
const COOKIE = 'b2c-signin';

interface Pair {
  server: RedisServer;
  /** One application under one address, as two processes that share a store. */
  apps: [RunningApp, RunningApp];
  /** The same browser, at the other process. */
  atOther(browser: Browser): Browser;
  forwardMinutes(minutes: number): void;
  refreshes(): Promise<number>;
}

interface Slowness {
  storeMs: number;
  /** How many answers the store has given. */
  answers: number;
}

/** The address of something between here and a server that holds its answers back for a while. */
async function slowed(t: TestContext, port: number, slowness: Slowness) {
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
  const own = await freePort();
  await new Promise<void>((resolve) => proxy.listen(own, '127.0.0.1', resolve));
  t.after(() => void proxy.close());
  return `redis://127.0.0.1:${own}`;
}

function sameBrowser(url: string, browser: Browser): Browser {
  const other = createBrowser(url);
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  return other;
}

async function startPair(
  t: TestContext,
  { slowness, ...options }: StartOptions & { slowness?: Slowness } = {},
): Promise<Pair> {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const server = await startRedis(t, { args: KEPT });
  const url = slowness ? await slowed(t, server.port, slowness) : server.url;
  const session = { idleMinutes: 480, store: { kind: 'redis', url } };
  const start = (more: StartOptions, config = {}) =>
    mountApp(
      t,
      async (own, request, response) => {
        response.end(await own.accessToken(request));
      },
      { ...options, ...more, config: { session, ...config } },
    );
  const first = await start({});
  const second = await start({ tenantOf: first }, { baseUrl: first.url });
  return {
    server,
    apps: [first, second],
    atOther: (browser) => sameBrowser(second.url, browser),
    forwardMinutes: (minutes) => t.mock.timers.setTime(Date.now() + minutes * 60_000),
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
    /** Under the address of before; a browser of before, there. */
    const restarted = async (options: StartOptions) => {
      const config = { session, baseUrl: first.url, ...options.config };
      const app = await startApp(t, { ...options, config });
      return { app, there: (browser: Browser) => sameBrowser(app.url, browser) };
    };
    const callback = begun.replace(first.url, '');
    return { first, signedIn: await first.signedIn(), coming, callback, restarted };
  };

  test('another tenant takes along the sessions of the one before, and what was begun there', async (t) => {
    const { signedIn, coming, callback, restarted } = await setUp(t);
    const { app, there } = await restarted({});
    assert.equal((await there(signedIn).get('/auth/me')).status, 401);
    assert.equal((await there(coming).get(callback)).status, 400);
    assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'callback_without_attempt');
    assert.equal(await app.control.count('token'), 0, 'the code of one went to the other');
    assert.equal((await signedIn.get('/auth/me')).status, 401, 'it is out of the store');
  });

  test('so does another client of the same tenant', async (t) => {
    const { first, signedIn, restarted } = await setUp(t);
    const client = { id: 'f0b6e55f-0000-4000-8000-00000000a0ff', secret: 'one-of-its-own-secrets' };
    const { there } = await restarted({ tenantOf: first, config: { client } });
    assert.equal((await there(signedIn).get('/auth/me')).status, 401);
  });

  test('another secret of the same client keeps both', async (t) => {
    const { first, signedIn, coming, callback, restarted } = await setUp(t);
    const client = { secret: 'the-second-secret' };
    const { there } = await restarted({ tenantOf: first, config: { client } });
    assert.equal((await there(signedIn).get('/auth/me')).status, 200);
    assert.equal((await there(coming).get(callback)).status, 303);
  });
});

describe('two processes that share a store', { skip }, () => {
  test('know the same people, what has changed of them, and when they have left', async (t) => {
    const { apps, atOther } = await startPair(t);
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

  test('finish what the other has begun', async (t) => {
    const { apps, atOther } = await startPair(t);
    const browser = apps[0].browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await apps[0].control.authorize(location, { as: 'alice@example.com' });
    const other = atOther(browser);
    assert.equal((await other.get(callback.replace(apps[0].url, ''))).status, 303);
    browser.cookies.set(COOKIE, other.cookies.get(COOKIE) ?? '');
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('take an answer of the provider once, whichever it comes to', async (t) => {
    const { apps, atOther } = await startPair(t);
    const browser = apps[0].browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await apps[0].control.authorize(location, { as: 'alice@example.com' });
    // With the cookie of the attempt still, as a second request that was sent at the same time.
    const other = atOther(browser);
    assert.equal((await browser.get(callback)).status, 303);
    assert.equal((await other.get(callback.replace(apps[0].url, ''))).status, 400);
    assert.equal(apps[1].log.of('sign_in_failed').at(-1)?.['code'], 'attempt_used');
    assert.equal(await apps[0].control.count('token'), 1);
  });

  test('show and end each other’s sessions', async (t) => {
    const { apps, atOther } = await startPair(t);
    const [first, second] = [await apps[0].signedIn(), await apps[0].signedIn()];
    const page = await atOther(second).get('/auth/sessions');
    assert.equal(page.body.match(/name="end" value="\w{12}"/g)?.length, 2);
    const end = { end: 'others' };
    const own = { origin: apps[0].url };
    assert.equal((await atOther(second).post('/auth/sessions', end, own)).status, 303);
    assert.equal((await first.get('/auth/token_details')).status, 401);
    assert.equal((await second.get('/auth/token_details')).status, 200);
  });

  test('make one refresh for twenty requests at the end of the token', async (t) => {
    const { apps, atOther, forwardMinutes, refreshes } = await startPair(t, singleUse);
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

  test('wait for a refresh that never ends no longer than its lock lasts', async (t) => {
    const { server, apps, forwardMinutes, refreshes } = await startPair(t, singleUse);
    const browser = await apps[0].signedIn();
    const before = await refreshes();
    forwardMinutes(60);
    const key = browser.cookies.get(COOKIE)?.slice(-43);
    await server.cli('set', `b2c-signin:lock:${key}`, 'somebody who has died', 'PX', '700');
    const begun = performance.now();
    assert.match((await browser.get('/token')).body, /^eyJ/);
    assert.ok(performance.now() - begun > 400);
    assert.equal((await refreshes()) - before, 1);
  });

  test('go on with a token that is good still, or say 503, when the other takes too long', async (t) => {
    const { server, apps, forwardMinutes } = await startPair(t, { providerTimeoutMs: 300 });
    const browser = await apps[0].signedIn();
    const before = (await browser.get('/token')).body;
    const lock = `b2c-signin:lock:${browser.cookies.get(COOKIE)?.slice(-43)}`;
    await server.cli('set', lock, 'somebody who takes his time');
    forwardMinutes(59.5);
    assert.equal((await browser.get('/token')).body, before);
    forwardMinutes(1);
    assert.equal((await browser.get('/token')).body, 'provider_unreachable');
    await server.cli('del', lock);
    assert.match((await browser.get('/token')).body, /^eyJ/);
  });

  test('wait no longer for each other when the store is slow', async (t) => {
    const slowness = { storeMs: 0, answers: 0 };
    const { server, apps, forwardMinutes } = await startPair(t, {
      providerTimeoutMs: 1_000,
      slowness,
    });
    const browser = await apps[0].signedIn();
    const lock = `b2c-signin:lock:${browser.cookies.get(COOKIE)?.slice(-43)}`;
    await server.cli('set', lock, 'somebody who takes his time');
    forwardMinutes(61);
    slowness.storeMs = 500;
    slowness.answers = 0;
    assert.equal((await browser.get('/token')).body, 'provider_unreachable');
    // The lock is tried as long as its deadline allows, not a fixed number of times.
    assert.ok(slowness.answers < 10, `${slowness.answers} answers of the store`);
  });

  test('wait for a refresh that has lost its lock', async (t) => {
    const { server, apps, atOther, forwardMinutes } = await startPair(t, singleUse);
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

  test('do not bring back a refresh token that another has given up', async (t) => {
    const { server, apps, atOther, forwardMinutes } = await startPair(t, singleUse);
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

  test('lose no refresh token to a store that restarts while the provider is asked', async (t) => {
    const { server, apps, forwardMinutes } = await startPair(t, singleUse);
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

  test('leave a session ended that ends in one while the other refreshes', async (t) => {
    const { apps, atOther, forwardMinutes } = await startPair(t);
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
