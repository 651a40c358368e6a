// The guard in front of an application's own pages.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { UserConditions } from '../../dist/routes/require-user.js';
import { mountApp, type RunningApp, type StartOptions } from '../support/app.js';
import type { Browser } from '../support/browser.js';

const ALICE = 'alice@example.com';
const SCRIPT = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

/** An application whose pages under `/shop` are for those who fulfil the conditions. */
const shop = (t: TestContext, conditions?: UserConditions, options: StartOptions = {}) =>
  mountApp(
    t,
    async (app, request, response) => {
      if (!request.url?.startsWith('/shop')) return app.listener(request, response);
      // As Express and connect do for what is mounted under a path.
      const mounted = Object.assign(request, { originalUrl: request.url });
      mounted.url = request.url?.replace(/^\/shop/, '') ?? '';
      await app.requireUser(conditions)(mounted, response, () => {
        response.end(`welcome to ${mounted.url}`);
      });
    },
    options,
  );

/** Opens a page and goes wherever it leads, through the provider without pages. */
async function follow(
  app: RunningApp,
  browser: Browser,
  path: string,
  claims: Record<string, unknown> = {},
) {
  const visited: string[] = [];
  let answer = await browser.get(path);
  while (answer.location && visited.length < 10) {
    visited.push(answer.location);
    const atProvider = answer.location.startsWith(app.emulator.url);
    answer = await browser.get(
      atProvider
        ? await app.control.authorize(answer.location, { as: ALICE, claims })
        : answer.location,
    );
  }
  return { answer, visited };
}

const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;

describe('nobody is signed in, so', () => {
  test('a page load gets the 401 page, which leads back to the very address', async (t) => {
    const app = await shop(t);
    const page = await app.browser().get('/shop/cart?item=1&item=2');
    assert.equal(page.status, 401);
    assert.match(page.body, /return_to=%2Fshop%2Fcart%3Fitem%3D1%26item%3D2"/);
    assert.doesNotMatch(page.body, /welcome/);
  });

  test('with signedOutPages "redirect" a page load goes through sign-in and comes back', async (t) => {
    const app = await shop(t, {}, { config: { signedOutPages: 'redirect' } });
    const browser = app.browser();
    const { answer, visited } = await follow(app, browser, '/shop/cart?item=1&item=2');
    assert.equal(answer.body, 'welcome to /cart?item=1&item=2');
    assert.equal(visited.at(-1), '/shop/cart?item=1&item=2');
  });

  const scripts: [string, string, Record<string, string>][] = [
    ['a fetch', 'GET', SCRIPT],
    ['a fetch that takes HTML', 'GET', { ...SCRIPT, accept: 'text/html' }],
    ['a form that is posted', 'POST', {}],
    ['an old script', 'GET', { 'sec-fetch-mode': '', 'x-requested-with': 'XMLHttpRequest' }],
    ['a program', 'GET', { accept: 'application/json', 'sec-fetch-mode': 'cors' }],
  ];
  for (const [name, method, headers] of scripts) {
    for (const signedOutPages of ['401', 'redirect']) {
      test(`${name} gets a 401 and no redirect (${signedOutPages})`, async (t) => {
        const app = await shop(t, {}, { config: { signedOutPages } });
        const answer = await app.browser().send(method, '/shop/cart', headers);
        assert.equal(answer.status, 401);
        assert.equal(answer.location, '');
        assert.doesNotMatch(answer.body, /welcome/);
        if (!headers['accept']?.includes('json')) return;
        assert.equal(JSON.parse(answer.body).error, 'not_signed_in');
      });
    }
  }
});

test('whoever is signed in passes, however the request is made', async (t) => {
  const app = await shop(t);
  const browser = await app.signedIn();
  assert.equal((await browser.get('/shop/cart')).body, 'welcome to /cart');
  assert.equal((await browser.get('/shop/cart', SCRIPT)).body, 'welcome to /cart');
  assert.equal((await browser.post('/shop/cart')).body, 'welcome to /cart');
});

describe('claims that are asked for', () => {
  const conditions = { claims: { extension_Role: ['admin', 'owner'], extension_Age: [18] } };
  const rows: [string, Record<string, unknown>, boolean][] = [
    ['all there', { extension_Role: 'owner', extension_Age: 18 }, true],
    ['one of several values', { extension_Role: ['guest', 'admin'], extension_Age: 18 }, true],
    ['another value', { extension_Role: 'guest', extension_Age: 18 }, false],
    ['a value that only begins like it', { extension_Role: 'admins', extension_Age: 18 }, false],
    ['another letter case', { extension_Role: 'Admin', extension_Age: 18 }, false],
    ['another type', { extension_Role: 'admin', extension_Age: '18' }, false],
    ['an empty list', { extension_Role: [], extension_Age: 18 }, false],
    ['one missing', { extension_Role: 'admin' }, false],
    ['none there', {}, false],
  ];
  for (const [name, claims, passes] of rows) {
    test(`${name}: ${passes ? 'passes' : '403'}`, async (t) => {
      const app = await shop(t, conditions);
      const browser = app.browser();
      await follow(app, browser, '/auth/sign_in', claims);
      const page = await browser.get('/shop/admin');
      assert.equal(page.status, passes ? 200 : 403);
      assert.equal(page.body === 'welcome to /admin', passes);
      if (passes) return;
      assert.match(page.body, /not for your account/);
      assert.doesNotMatch(page.body, /extension_Role|owner/);
      const script = await browser.get('/shop/admin', { ...SCRIPT, accept: 'application/json' });
      assert.equal(JSON.parse(script.body).error, 'not_allowed');
    });
  }

  test('a value that nobody has, asked for by mistake, lets nobody in', async (t) => {
    const app = await shop(t, { claims: { extension_Role: [undefined] } });
    assert.equal((await (await app.signedIn()).get('/shop/admin')).status, 403);
  });

  test('a claim of the prototype is none', async (t) => {
    const app = await shop(t, { claims: { toString: [Object.prototype.toString] } });
    assert.equal((await (await app.signedIn()).get('/shop/admin')).status, 403);
  });
});

describe('a policy that must have run', () => {
  const config = { policies: { phone: { name: 'B2C_1_susi_reset' } } };

  test('begins, comes back to the very address, and is not asked for again', async (t) => {
    const app = await shop(t, { policy: 'phone' }, { config });
    const browser = await app.signedIn();
    const { answer, visited } = await follow(app, browser, '/shop/pay?order=7');
    assert.equal(answer.body, 'welcome to /pay?order=7');
    assert.equal(visited[0], '/auth/policy/phone?return_to=%2Fshop%2Fpay%3Forder%3D7');
    assert.equal(visited.length, 3);
    assert.equal((await browser.get('/shop/pay?order=8')).body, 'welcome to /pay?order=8');
    // In this session, and in no other one of the same person.
    assert.equal((await (await app.signedIn()).get('/shop/pay')).status, 302);
  });

  test('is no way past the claims', async (t) => {
    const app = await shop(
      t,
      { policy: 'phone', claims: { extension_Role: ['admin'] } },
      { config },
    );
    assert.equal((await (await app.signedIn()).get('/shop/pay')).status, 403);
  });

  test('is not begun for a script, which is told so', async (t) => {
    const app = await shop(t, { policy: 'phone' }, { config });
    const browser = await app.signedIn();
    const answer = await browser.get('/shop/pay', { ...SCRIPT, accept: 'application/json' });
    assert.equal(answer.status, 403);
    assert.equal(JSON.parse(answer.body).error, 'authentication_too_old');
  });

  describe('that resets a password', () => {
    const conditions = { policy: 'resetPassword' };

    test('is a fault at the call, because it runs in no session', async (t) => {
      const app = await mountApp(t, async ({ requireUser }, _request, response) => {
        assert.throws(() => requireUser(conditions), {
          code: 'config_invalid',
          message: /^requireUser: policy "resetPassword" never runs in a session/,
        });
        response.end('refused');
      });
      assert.equal((await app.browser().get('/')).body, 'refused');
    });

    test('passes who has signed in with it, where it signs in', async (t) => {
      const resetPassword = { name: 'B2C_1_reset', signsIn: true };
      const app = await shop(t, conditions, { config: { policies: { resetPassword } } });
      const browser = await app.signedIn();
      const { answer, visited } = await follow(app, browser, '/shop/pay');
      assert.equal(answer.body, 'welcome to /pay');
      assert.equal(visited[0], '/auth/reset_password?return_to=%2Fshop%2Fpay');
    });
  });

  test('is an error page when nobody has configured it', async (t) => {
    const app = await shop(t, { policy: 'nothing' });
    const page = await (await app.signedIn()).get('/shop/pay');
    assert.equal(page.status, 400);
    assert.doesNotMatch(page.body, /welcome/);
  });
});

describe('an authentication that is too old', () => {
  const old = { auth_time: minutesAgo(30) };
  const conditions = { maxAgeSeconds: 600 };

  test('is done again, at a provider that is told to ask, and leads back', async (t) => {
    const app = await shop(t, conditions);
    const browser = app.browser();
    await follow(app, browser, '/auth/sign_in', old);
    const { answer, visited } = await follow(app, browser, '/shop/pay?order=7');
    assert.equal(answer.body, 'welcome to /pay?order=7');
    const asked = new URL(visited[1] ?? '').searchParams;
    assert.equal(asked.get('prompt'), 'login');
    assert.equal(asked.get('max_age'), '600');
    assert.equal((await browser.get('/shop/pay')).status, 200);
  });

  test('is not made young by a provider that does not ask', async (t) => {
    const app = await shop(t, conditions);
    const browser = app.browser();
    await follow(app, browser, '/auth/sign_in', old);
    const session = browser.cookies.get('b2c-signin');
    const { answer } = await follow(app, browser, '/shop/pay', old);
    assert.equal(answer.status, 403);
    assert.match(answer.body, /prove again/);
    assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'authentication_too_old');
    // The session that was there goes on, and is no more than it was.
    assert.equal(browser.cookies.get('b2c-signin'), session);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    assert.equal((await browser.get('/shop/pay')).status, 302);
  });

  test('cannot be told from a token without auth_time, which never passes', async (t) => {
    const app = await shop(t, conditions);
    await app.control.fault('missing_auth_time');
    const browser = app.browser();
    const { answer: first } = await follow(app, browser, '/auth/sign_in');
    assert.equal(first.status, 200);
    const { answer } = await follow(app, browser, '/shop/pay');
    assert.equal(answer.status, 403);
    assert.doesNotMatch(answer.body, /welcome/);
  });

  test('is as old as it was after an edit of the profile', async (t) => {
    const app = await shop(t, conditions);
    const browser = app.browser();
    await follow(app, browser, '/auth/sign_in', old);
    await follow(app, browser, '/auth/edit_profile', { auth_time: minutesAgo(0) });
    assert.equal((await browser.get('/shop/pay')).status, 302);
  });

  test('is young for a minute even where nothing may be old, so that it can be fulfilled', async (t) => {
    const app = await shop(t, { maxAgeSeconds: 0 });
    const browser = app.browser();
    const { answer } = await follow(app, browser, '/auth/sign_in');
    assert.equal(answer.status, 200);
    assert.equal((await browser.get('/shop/pay')).body, 'welcome to /pay');
  });
});

test('a visitor who asks for a fresh sign-in himself gets one, or an error page', async (t) => {
  const app = await shop(t);
  const old = { auth_time: minutesAgo(30) };
  for (const query of ['prompt=login', 'max_age=600']) {
    const { answer } = await follow(app, app.browser(), `/auth/sign_in?${query}`, old);
    assert.equal(answer.status, 403, query);
  }
  const { answer } = await follow(app, app.browser(), '/auth/sign_in?max_age=3600', old);
  assert.equal(answer.status, 200);
});
