// Users return to the callback by reload, bookmark and back button, and too late.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type RunningApp, sharedApp, startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

describe('a callback that is loaded again or late', () => {
  const started = sharedApp();
  const setUp = () => ({ app: started(), browser: started().browser() });

  async function startWithClock(t: TestContext) {
    let offset = 0;
    const app = await startApp(t, { now: () => Date.now() + offset });
    return {
      app,
      browser: app.browser(),
      forwardMinutes: (minutes: number) => {
        offset += minutes * 60_000;
      },
    };
  }

  const ALICE = 'alice@example.com';
  const START = '/auth/sign_in?return_to=/auth/token_details?tab=2';
  const HOME_LINK = /<a class="button" href="\/">Go to the start page<\/a>/;

  /** Signs in and returns the callback URL. */
  async function callbackOf(app: RunningApp, browser: Browser, path = START) {
    const { location } = await browser.get(path);
    const callback = await app.control.authorize(location, { as: ALICE });
    assert.equal((await browser.get(callback)).status, 303);
    return callback;
  }

  describe('a used callback redirects to its return path without redeeming the code, if it', () => {
    test('is loaded again, any number of times', async () => {
      const { app, browser } = setUp();
      const callback = await callbackOf(app, browser);
      const session = browser.cookies.get('b2c-signin');
      for (let i = 0; i < 3; i += 1) {
        const again = await browser.get(callback);
        assert.equal(again.status, 303);
        assert.equal(again.location, '/auth/token_details?tab=2');
        assert.deepEqual(again.setCookies, []);
      }
      assert.equal(browser.cookies.get('b2c-signin'), session);
      assert.equal(await app.control.count('token'), 1);
      assert.equal(app.log.of('sign_in_failed').length, 0);
    });

    test('was the callback of an edit', async () => {
      const { app, browser } = setUp();
      await callbackOf(app, browser);
      const edit = await callbackOf(app, browser, '/auth/edit_profile?return_to=/sign_in_status');
      assert.equal((await browser.get(edit)).location, '/sign_in_status');
      assert.equal(await app.control.count('token'), 2);
    });
  });

  describe('a used callback gives an error page without redeeming the code, if', () => {
    test('a later callback followed and the user is signed in: with a link to the start page', async () => {
      const { app, browser } = setUp();
      const old = await callbackOf(app, browser);
      await callbackOf(app, browser);
      const page = await browser.get(old);
      assert.equal(page.status, 400);
      assert.match(page.body, HOME_LINK);
      assert.match(page.body, /Alice Example/);
      assert.equal((await browser.get('/auth/token_details')).status, 200);
      assert.equal(await app.control.count('token'), 2);
    });

    test('the user has signed out: with a link to a new sign-in', async () => {
      const { app, browser } = setUp();
      const callback = await callbackOf(app, browser);
      await browser.post('/auth/sign_out');
      const page = await browser.get(callback);
      assert.equal(page.status, 400);
      assert.match(page.body, /href="\/auth\/sign_in[^"]*">Start again/);
      assert.equal(browser.cookies.size, 0);
      assert.equal(await app.control.count('token'), 1);
    });

    test('another user has signed in since', async () => {
      const { app, browser } = setUp();
      const callback = await callbackOf(app, browser);
      const { location } = await browser.get('/auth/sign_in');
      await browser.get(await app.control.authorize(location, { as: 'bob@example.com' }));
      const page = await browser.get(callback);
      assert.equal(page.status, 400);
      assert.match(page.body, HOME_LINK);
      assert.doesNotMatch(page.body, /alice/i);
    });

    test('it is the callback of another browser', async () => {
      const { app, browser } = setUp();
      const callback = await callbackOf(app, browser);
      const other = await app.signedIn(ALICE);
      assert.equal((await other.get(callback)).status, 400);
      assert.equal((await app.browser().get(callback)).status, 400);
    });

    test('only the public part of its state is right', async () => {
      const { app, browser } = setUp();
      const callback = new URL(await callbackOf(app, browser));
      callback.search = `?state=${callback.searchParams.get('state')?.slice(0, 11)}`;
      assert.equal((await browser.get(callback)).status, 400);
      assert.equal((await app.browser().get(callback)).status, 400);
    });

    test('it has another code: a second user finished the sign-in page of the first', async () => {
      const { app, browser } = setUp();
      const { location } = await browser.get(START);
      await browser.get(await app.control.authorize(location, { as: ALICE }));
      const second = await app.control.authorize(location, { as: 'bob@example.com' });
      const page = await browser.get(second);
      assert.equal(page.status, 400);
      assert.match(page.body, HOME_LINK);
      assert.match(page.body, /Alice Example/, 'the page shows who is signed in');
      assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'callback_without_attempt');
      assert.equal(await app.control.count('token'), 1);
    });
  });

  describe('a user who returns late', () => {
    test('after 15 to 60 minutes can start again with the same policy and return path', async (t) => {
      const { app, browser, forwardMinutes } = await startWithClock(t);
      for (const [path, start] of [
        [START, '/auth/sign_in?return_to=%2Fauth%2Ftoken_details%3Ftab%3D2'],
        ['/auth/edit_profile?return_to=/', '/auth/edit_profile?return_to=%2F'],
      ] as const) {
        const { location } = await browser.get(path);
        forwardMinutes(16);
        const page = await browser.get(await app.control.authorize(location, { as: ALICE }));
        assert.equal(page.status, 400);
        assert.match(page.body, /took too long/);
        assert.ok(page.body.includes(`href="${start}">Start again`), page.body);
        assert.equal(browser.cookies.size, 0);
        assert.equal(await app.control.count('token'), 0);
      }
    });

    test('with a session can start again too, and stays signed in', async (t) => {
      const { app, browser, forwardMinutes } = await startWithClock(t);
      await callbackOf(app, browser);
      const { location } = await browser.get('/auth/edit_profile?return_to=/sign_in_status');
      forwardMinutes(16);
      const page = await browser.get(await app.control.authorize(location, { as: ALICE }));
      assert.match(
        page.body,
        /href="\/auth\/edit_profile\?return_to=%2Fsign_in_status">Start again/,
      );
      assert.equal((await browser.get('/auth/token_details')).status, 200);
    });

    test('after that, without a cookie, still gets a link to a new sign-in', async () => {
      const { app, browser } = setUp();
      const { location, setCookies } = await browser.get(START);
      assert.match(setCookies[0] ?? '', /; Max-Age=3600;/);
      browser.cookies.clear();
      const page = await browser.get(await app.control.authorize(location, { as: ALICE }));
      assert.equal(page.status, 400);
      assert.match(page.body, /Start again/);
    });
  });

  describe('a response of B2C without its state gives a page with a link, for', () => {
    const rows: [string, string][] = [
      ['an error without state', '?error=server_error&error_description=AADB2C90046%3a+x'],
      ['an error of an unknown attempt', `?error=access_denied&state=${'a'.repeat(43)}`],
      ['a code without state', '?code=x'],
      ['no parameters', ''],
    ];
    for (const [name, query] of rows) {
      test(name, async () => {
        const { app, browser } = setUp();
        const page = await browser.get(`/auth/redirect${query}`);
        assert.equal(page.status, 400);
        assert.match(page.body, /href="\/auth\/sign_in[^"]*">Start again/);
        const signedIn = await app.signedIn(ALICE);
        const own = await signedIn.get(`/auth/redirect${query}`);
        assert.equal(own.status, 400);
        assert.match(own.body, HOME_LINK);
        assert.equal((await signedIn.get('/auth/token_details')).status, 200);
      });
    }
  });
});
