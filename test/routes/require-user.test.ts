// The guard in front of the application's pages.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { UserConditions } from '../../dist/routes/require-user.js';
import { type Application, mountApp, type RunningApp, sharedApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

describe('requireUser', () => {
  let required: UserConditions | undefined;
  const application: Application = async (app, request, response) => {
    if (!request.url?.startsWith('/shop')) return app.listener(request, response);
    // As Express and connect do for handlers that are mounted under a path.
    const mounted = Object.assign(request, { originalUrl: request.url });
    mounted.url = request.url?.replace(/^\/shop/, '') ?? '';
    await app.requireUser(required)(mounted, response, () => {
      response.end(`welcome to ${mounted.url}`);
    });
  };
  const started = sharedApp({
    application,
    config: { policies: { phone: { name: 'B2C_1_susi_reset' } } },
  });
  const redirecting = sharedApp({ application, config: { signedOutPages: 'redirect' } });

  /** An application whose pages under `/shop` require these conditions. */
  const shop = (conditions?: UserConditions, app = started): RunningApp => {
    required = conditions;
    return app();
  };

  const ALICE = 'alice@example.com';
  const SCRIPT = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

  /** Opens a page and follows every redirect, through the provider without pages. */
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

  describe('without a session', () => {
    test('a page navigation gets the 401 page, with a link that returns to the same URL', async () => {
      const app = shop();
      const page = await app.browser().get('/shop/cart?item=1&item=2');
      assert.equal(page.status, 401);
      assert.match(page.body, /return_to=%2Fshop%2Fcart%3Fitem%3D1%26item%3D2"/);
      assert.doesNotMatch(page.body, /welcome/);
    });

    test('a page navigation with signedOutPages "redirect" goes through sign-in and returns', async () => {
      const app = shop({}, redirecting);
      const browser = app.browser();
      const { answer, visited } = await follow(app, browser, '/shop/cart?item=1&item=2');
      assert.equal(answer.body, 'welcome to /cart?item=1&item=2');
      assert.equal(visited.at(-1), '/shop/cart?item=1&item=2');
    });

    const scripts: [string, string, Record<string, string>][] = [
      ['a fetch', 'GET', SCRIPT],
      ['a fetch that accepts HTML', 'GET', { ...SCRIPT, accept: 'text/html' }],
      ['a form POST', 'POST', {}],
      ['an XMLHttpRequest', 'GET', { 'sec-fetch-mode': '', 'x-requested-with': 'XMLHttpRequest' }],
      ['a program', 'GET', { accept: 'application/json', 'sec-fetch-mode': 'cors' }],
    ];
    for (const [name, method, headers] of scripts) {
      for (const signedOutPages of ['401', 'redirect']) {
        test(`${name} gets a 401 and no redirect (signedOutPages ${signedOutPages})`, async () => {
          const app = shop({}, signedOutPages === '401' ? started : redirecting);
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

  test('a signed-in user is allowed, by any kind of request', async () => {
    const app = shop();
    const browser = await app.signedIn();
    assert.equal((await browser.get('/shop/cart')).body, 'welcome to /cart');
    assert.equal((await browser.get('/shop/cart', SCRIPT)).body, 'welcome to /cart');
    assert.equal((await browser.post('/shop/cart')).body, 'welcome to /cart');
  });

  describe('required claims', () => {
    const conditions = { claims: { extension_Role: ['admin', 'owner'], extension_Age: [18] } };
    const rows: [string, Record<string, unknown>, boolean][] = [
      ['all present', { extension_Role: 'owner', extension_Age: 18 }, true],
      ['one of several values', { extension_Role: ['guest', 'admin'], extension_Age: 18 }, true],
      ['another value', { extension_Role: 'guest', extension_Age: 18 }, false],
      ['a longer value', { extension_Role: 'admins', extension_Age: 18 }, false],
      ['another case', { extension_Role: 'Admin', extension_Age: 18 }, false],
      ['another type', { extension_Role: 'admin', extension_Age: '18' }, false],
      ['an empty list', { extension_Role: [], extension_Age: 18 }, false],
      ['one missing', { extension_Role: 'admin' }, false],
      ['none present', {}, false],
    ];
    for (const [name, claims, passes] of rows) {
      test(`${name}: ${passes ? 'allowed' : '403'}`, async () => {
        const app = shop(conditions);
        const browser = app.browser();
        await follow(app, browser, '/auth/sign_in', claims);
        const page = await browser.get('/shop/admin');
        assert.equal(page.status, passes ? 200 : 403);
        assert.equal(page.body === 'welcome to /admin', passes);
        if (passes) return;
        assert.match(page.body, /Your account has no access/);
        assert.doesNotMatch(page.body, /extension_Role|owner/);
        const script = await browser.get('/shop/admin', { ...SCRIPT, accept: 'application/json' });
        assert.equal(JSON.parse(script.body).error, 'not_allowed');
      });
    }

    test('undefined, required by mistake: 403', async () => {
      const app = shop({ claims: { extension_Role: [undefined] } });
      assert.equal((await (await app.signedIn()).get('/shop/admin')).status, 403);
    });

    test('a property of the prototype: 403', async () => {
      const app = shop({ claims: { toString: [Object.prototype.toString] } });
      assert.equal((await (await app.signedIn()).get('/shop/admin')).status, 403);
    });
  });

  describe('a required policy', () => {
    test('starts, returns to the same URL, and is not required again', async () => {
      const app = shop({ policy: 'phone' });
      const browser = await app.signedIn();
      const { answer, visited } = await follow(app, browser, '/shop/pay?order=7');
      assert.equal(answer.body, 'welcome to /pay?order=7');
      assert.equal(visited[0], '/auth/policy/phone?return_to=%2Fshop%2Fpay%3Forder%3D7');
      assert.equal(visited.length, 3);
      assert.equal((await browser.get('/shop/pay?order=8')).body, 'welcome to /pay?order=8');
      // Only in this session, not in another one of the user.
      assert.equal((await (await app.signedIn()).get('/shop/pay')).status, 302);
    });

    test('does not replace required claims', async () => {
      const app = shop({ policy: 'phone', claims: { extension_Role: ['admin'] } });
      assert.equal((await (await app.signedIn()).get('/shop/pay')).status, 403);
    });

    test('gives an API request a 403', async () => {
      const app = shop({ policy: 'phone' });
      const browser = await app.signedIn();
      const answer = await browser.get('/shop/pay', { ...SCRIPT, accept: 'application/json' });
      assert.equal(answer.status, 403);
      assert.equal(JSON.parse(answer.body).error, 'authentication_too_old');
    });

    describe('that resets the password', () => {
      const conditions = { policy: 'resetPassword' };

      test('throws config_invalid, because it never runs in a session', async (t) => {
        const app = await mountApp(t, async ({ requireUser }, _request, response) => {
          assert.throws(() => requireUser(conditions), {
            code: 'config_invalid',
            message: /^requireUser: policy "resetPassword" never runs in a session/,
          });
          response.end('refused');
        });
        assert.equal((await app.browser().get('/')).body, 'refused');
      });

      test('with signsIn is allowed after a sign-in with it', async (t) => {
        required = conditions;
        const resetPassword = { name: 'B2C_1_reset', signsIn: true };
        const app = await mountApp(t, application, { config: { policies: { resetPassword } } });
        const browser = await app.signedIn();
        const { answer, visited } = await follow(app, browser, '/shop/pay');
        assert.equal(answer.body, 'welcome to /pay');
        assert.equal(visited[0], '/auth/reset_password?return_to=%2Fshop%2Fpay');
      });
    });

    test('that is not configured gives an error page', async () => {
      const app = shop({ policy: 'nothing' });
      const page = await (await app.signedIn()).get('/shop/pay');
      assert.equal(page.status, 400);
      assert.doesNotMatch(page.body, /welcome/);
    });
  });

  describe('an authentication that is too old', () => {
    const old = { auth_time: minutesAgo(30) };
    const conditions = { maxAgeSeconds: 600 };

    test('is repeated with prompt=login and max_age, and returns', async () => {
      const app = shop(conditions);
      const browser = app.browser();
      await follow(app, browser, '/auth/sign_in', old);
      const { answer, visited } = await follow(app, browser, '/shop/pay?order=7');
      assert.equal(answer.body, 'welcome to /pay?order=7');
      const parameters = new URL(visited[1] ?? '').searchParams;
      assert.equal(parameters.get('prompt'), 'login');
      assert.equal(parameters.get('max_age'), '600');
      assert.equal((await browser.get('/shop/pay')).status, 200);
    });

    test('is rejected if the provider does not ask the user again', async () => {
      const app = shop(conditions);
      const browser = app.browser();
      await follow(app, browser, '/auth/sign_in', old);
      const session = browser.cookies.get('b2c-signin');
      const { answer } = await follow(app, browser, '/shop/pay', old);
      assert.equal(answer.status, 403);
      assert.match(answer.body, /Please sign in again/);
      assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'authentication_too_old');
      // The existing session stays and gains nothing.
      assert.equal(browser.cookies.get('b2c-signin'), session);
      assert.equal((await browser.get('/auth/token_details')).status, 200);
      assert.equal((await browser.get('/shop/pay')).status, 302);
    });

    test('includes any authentication without auth_time', async () => {
      const app = shop(conditions);
      await app.control.fault('missing_auth_time');
      const browser = app.browser();
      const { answer: first } = await follow(app, browser, '/auth/sign_in');
      assert.equal(first.status, 200);
      const { answer } = await follow(app, browser, '/shop/pay');
      assert.equal(answer.status, 403);
      assert.doesNotMatch(answer.body, /welcome/);
    });

    test('stays too old after an edit of the profile', async () => {
      const app = shop(conditions);
      const browser = app.browser();
      await follow(app, browser, '/auth/sign_in', old);
      await follow(app, browser, '/auth/edit_profile', { auth_time: minutesAgo(0) });
      assert.equal((await browser.get('/shop/pay')).status, 302);
    });

    test('starts after a minute, even with maxAgeSeconds 0', async () => {
      const app = shop({ maxAgeSeconds: 0 });
      const browser = app.browser();
      const { answer } = await follow(app, browser, '/auth/sign_in');
      assert.equal(answer.status, 200);
      assert.equal((await browser.get('/shop/pay')).body, 'welcome to /pay');
    });
  });

  test('a sign-in with prompt=login or max_age requires re-authentication', async () => {
    const app = shop();
    const old = { auth_time: minutesAgo(30) };
    for (const query of ['prompt=login', 'max_age=600']) {
      const { answer } = await follow(app, app.browser(), `/auth/sign_in?${query}`, old);
      assert.equal(answer.status, 403, query);
    }
    const { answer } = await follow(app, app.browser(), '/auth/sign_in?max_age=3600', old);
    assert.equal(answer.status, 200);
  });
});
