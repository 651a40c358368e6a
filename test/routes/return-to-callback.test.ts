// People come back to the callback by reload, bookmark and back button, and too late.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type RunningApp, startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

const ALICE = 'alice@example.com';
const START = '/auth/sign_in?return_to=/auth/token_details?tab=2';
const HOME_LINK = /<a class="button" href="\/">Go to the start page<\/a>/;

async function setUp(t: TestContext) {
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

/** Signs in, and keeps the address that the browser came back to. */
async function callbackOf(app: RunningApp, browser: Browser, path = START) {
  const { location } = await browser.get(path);
  const callback = await app.control.authorize(location, { as: ALICE });
  assert.equal((await browser.get(callback)).status, 303);
  return callback;
}

describe('a used callback goes on to its page, and nothing is redeemed, when it', () => {
  test('is loaded again, however often, with the query of its return path', async (t) => {
    const { app, browser } = await setUp(t);
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

  test('was that of an edit', async (t) => {
    const { app, browser } = await setUp(t);
    await callbackOf(app, browser);
    const edit = await callbackOf(app, browser, '/auth/edit_profile?return_to=/sign_in_status');
    assert.equal((await browser.get(edit)).location, '/sign_in_status');
    assert.equal(await app.control.count('token'), 2);
  });
});

describe('a used callback is a page with a way on, and nothing is redeemed, when', () => {
  test('it is older than the last, and somebody is signed in: the way leads home', async (t) => {
    const { app, browser } = await setUp(t);
    const old = await callbackOf(app, browser);
    await callbackOf(app, browser);
    const page = await browser.get(old);
    assert.equal(page.status, 400);
    assert.match(page.body, HOME_LINK);
    assert.match(page.body, /Alice Example/);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    assert.equal(await app.control.count('token'), 2);
  });

  test('nobody is signed in any more: the way leads to a new sign-in', async (t) => {
    const { app, browser } = await setUp(t);
    const callback = await callbackOf(app, browser);
    await browser.post('/auth/sign_out');
    const page = await browser.get(callback);
    assert.equal(page.status, 400);
    assert.match(page.body, /href="\/auth\/sign_in[^"]*">Start again/);
    assert.equal(browser.cookies.size, 0);
    assert.equal(await app.control.count('token'), 1);
  });

  test('somebody else has signed in since', async (t) => {
    const { app, browser } = await setUp(t);
    const callback = await callbackOf(app, browser);
    const { location } = await browser.get('/auth/sign_in');
    await browser.get(await app.control.authorize(location, { as: 'bob@example.com' }));
    const page = await browser.get(callback);
    assert.equal(page.status, 400);
    assert.match(page.body, HOME_LINK);
    assert.doesNotMatch(page.body, /alice/i);
  });

  test('it is the callback of another browser', async (t) => {
    const { app, browser } = await setUp(t);
    const callback = await callbackOf(app, browser);
    const other = await app.signedIn(ALICE);
    assert.equal((await other.get(callback)).status, 400);
    assert.equal((await app.browser().get(callback)).status, 400);
  });

  test('its state is the right one in its public part alone', async (t) => {
    const { app, browser } = await setUp(t);
    const callback = new URL(await callbackOf(app, browser));
    callback.search = `?state=${callback.searchParams.get('state')?.slice(0, 11)}`;
    assert.equal((await browser.get(callback)).status, 400);
    assert.equal((await app.browser().get(callback)).status, 400);
  });

  test('its code is another one: a second user has finished the sign-in page of the first', async (t) => {
    const { app, browser } = await setUp(t);
    const { location } = await browser.get(START);
    await browser.get(await app.control.authorize(location, { as: ALICE }));
    const second = await app.control.authorize(location, { as: 'bob@example.com' });
    const page = await browser.get(second);
    assert.equal(page.status, 400);
    assert.match(page.body, HOME_LINK);
    assert.match(page.body, /Alice Example/, 'the page says who is signed in');
    assert.equal(app.log.of('sign_in_failed').at(-1)?.['code'], 'callback_without_attempt');
    assert.equal(await app.control.count('token'), 1);
  });
});

describe('who comes back late', () => {
  test('between 15 and 60 minutes can start again, with policy and return path kept', async (t) => {
    for (const [path, start] of [
      [START, '/auth/sign_in?return_to=%2Fauth%2Ftoken_details%3Ftab%3D2'],
      ['/auth/edit_profile?return_to=/', '/auth/edit_profile?return_to=%2F'],
    ] as const) {
      const { app, browser, forwardMinutes } = await setUp(t);
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

  test('while signed in can start again too, and stays signed in', async (t) => {
    const { app, browser, forwardMinutes } = await setUp(t);
    await callbackOf(app, browser);
    const { location } = await browser.get('/auth/edit_profile?return_to=/sign_in_status');
    forwardMinutes(16);
    const page = await browser.get(await app.control.authorize(location, { as: ALICE }));
    assert.match(page.body, /href="\/auth\/edit_profile\?return_to=%2Fsign_in_status">Start again/);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('after that, without a cookie, still gets a page with a way on', async (t) => {
    const { app, browser } = await setUp(t);
    const { location, setCookies } = await browser.get(START);
    assert.match(setCookies[0] ?? '', /; Max-Age=3600;/);
    browser.cookies.clear();
    const page = await browser.get(await app.control.authorize(location, { as: ALICE }));
    assert.equal(page.status, 400);
    assert.match(page.body, /Start again/);
  });
});

describe('an answer of B2C that has lost its state is a page with a way on:', () => {
  const rows: [string, string][] = [
    ['an error without state', '?error=server_error&error_description=AADB2C90046%3a+x'],
    ['an error of a sign-in that is unknown here', `?error=access_denied&state=${'a'.repeat(43)}`],
    ['a code without state', '?code=x'],
    ['nothing at all', ''],
  ];
  for (const [name, query] of rows) {
    test(name, async (t) => {
      const { app, browser } = await setUp(t);
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
