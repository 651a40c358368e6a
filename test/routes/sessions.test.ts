// "Your sessions": lists and ends the sessions of the user.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { type RunningApp, sharedApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

describe('the sessions page', () => {
  const started = sharedApp();

  const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0';
  const BOB = 'bob@example.com';

  interface Row {
    browser: string;
    name: string;
    isCurrent: boolean;
  }

  /** The rows of the user's page. */
  async function rowsOf(browser: Browser): Promise<Row[]> {
    const { status, body } = await browser.get('/auth/sessions');
    assert.equal(status, 200);
    return [...body.matchAll(/<li class="card">([\s\S]*?)<\/li>/g)].map(([, row = '']) => ({
      browser: /<strong><bdi>([^<]*)/.exec(row)?.[1] ?? '',
      name: /name="end" value="([^"]*)"/.exec(row)?.[1] ?? '',
      isCurrent: row.includes('This browser'),
    }));
  }

  const nameOf = async (browser: Browser) =>
    (await rowsOf(browser)).find(({ isCurrent }) => isCurrent)?.name ?? '';

  const isSignedIn = async (browser: Browser) =>
    (await browser.get('/auth/token_details')).status === 200;

  /** Alice in two browsers, Bob in one; two new users for each test. */
  async function setUp(app: RunningApp) {
    const [alice, bobs] = [{ sub: randomUUID() }, { sub: randomUUID() }];
    const signedIn = () => app.signedIn('alice@example.com', alice);
    const [here, there] = [await signedIn(), await signedIn()];
    const bob = await app.signedIn(BOB, bobs);
    return { app, here, there, bob, signedIn, alice };
  }

  async function signInWith(app: RunningApp, headers: Record<string, string>, claims: object) {
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in', headers);
    await browser.get(await app.control.authorize(location, { as: BOB, claims }), headers);
    return browser;
  }

  test('shows the user’s own sessions with browser and time, and marks the current one', async () => {
    const app = started();
    const bob = { sub: randomUUID() };
    const firefox = await signInWith(app, { 'user-agent': FIREFOX }, bob);
    const other = await signInWith(app, { 'user-agent': '<script>alert(1)</script>' }, bob);
    await app.signedIn('alice@example.com');
    const rows = await rowsOf(firefox);
    // The current session comes first, whichever was used last.
    assert.deepEqual(
      rows.map(({ browser, isCurrent }) => ({ browser, isCurrent })),
      [
        { browser: 'Firefox (Windows)', isCurrent: true },
        { browser: 'Unknown browser', isCurrent: false },
      ],
    );
    assert.deepEqual(
      (await rowsOf(other)).map(({ name, isCurrent }) => ({ name, isCurrent })),
      rows.toReversed().map(({ name, isCurrent }) => ({ name, isCurrent: !isCurrent })),
    );
    const { body } = await firefox.get('/auth/sessions');
    const [, shown = ''] = /<time datetime="([^"]+)"/.exec(body) ?? [];
    assert.ok(Math.abs(Date.parse(shown) - Date.now()) < 60_000, shown);
    assert.doesNotMatch(body, /alert|Mozilla|<script>/);
    // The names on the page are not session IDs.
    for (const { name } of rows) assert.match(name, /^[0-9a-f]{12}$/);
  });

  test('ends one session by its name and keeps the others', async () => {
    const { here, there, bob } = await setUp(started());
    const answer = await here.post('/auth/sessions', { end: await nameOf(there) });
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/auth/sessions');
    assert.deepEqual(await Promise.all([here, there, bob].map(isSignedIn)), [true, false, true]);
    assert.equal((await rowsOf(here)).length, 1);
  });

  test('ends all other sessions at once', async () => {
    const { app, here, there, bob, signedIn } = await setUp(started());
    const third = await signedIn();
    await here.post('/auth/sessions', { end: 'others' });
    const left = await Promise.all([here, there, third, bob].map(isSignedIn));
    assert.deepEqual(left, [true, false, false, true]);
    assert.equal(app.log.of('sign_out').length, 2);
  });

  test('"Sign out everywhere" ends all sessions of the user and redirects to the provider', async () => {
    const { here, there, bob } = await setUp(started());
    const page = await here.post('/auth/sessions', { end: 'all' });
    assert.equal(page.status, 200);
    assert.match(
      page.body,
      /http-equiv="refresh" content="0;url=[^"]*\/logout\?[^"]*id_token_hint=/,
    );
    assert.deepEqual([...here.cookies.keys()], []);
    assert.deepEqual(await Promise.all([here, there, bob].map(isSignedIn)), [false, false, true]);
  });

  test('ending the current session signs out this browser only', async () => {
    const { here, there } = await setUp(started());
    const page = await here.post('/auth/sessions', { end: await nameOf(here) });
    assert.match(page.body, /\/logout\?/);
    assert.deepEqual(await Promise.all([here, there].map(isSignedIn)), [false, true]);
  });

  describe('no session is ended by', () => {
    const rows: [string, (given: Awaited<ReturnType<typeof setUp>>) => Promise<string> | string][] =
      [
        ['the name of another user’s session', ({ bob }) => nameOf(bob)],
        ['an unknown name', () => '0123456789ab'],
        ['a truncated name', async ({ there }) => (await nameOf(there)).slice(0, 11)],
        [
          'the session cookie of another browser',
          ({ there }) => there.cookies.get('b2c-signin') ?? '',
        ],
        [
          'the signature in it',
          ({ there }) => there.cookies.get('b2c-signin')?.split('.')[1] ?? '',
        ],
        ['no name', () => ''],
        ['the name __proto__', () => '__proto__'],
      ];
    for (const [name, endOf] of rows) {
      test(name, async () => {
        const given = await setUp(started());
        const { here, there, bob, app } = given;
        const answer = await here.post('/auth/sessions', { end: await endOf(given) });
        assert.equal(answer.status, 303);
        assert.deepEqual(await Promise.all([here, there, bob].map(isSignedIn)), [true, true, true]);
        assert.equal(app.log.of('sign_out').length, 0);
      });
    }

    test('a POST of another site', async () => {
      const { here, there } = await setUp(started());
      for (const end of ['all', 'others', await nameOf(there)]) {
        const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
        assert.equal((await here.post('/auth/sessions', { end }, headers)).status, 403);
      }
      assert.deepEqual(await Promise.all([here, there].map(isSignedIn)), [true, true]);
    });

    test('a link', async () => {
      const { here, there } = await setUp(started());
      await here.get('/auth/sessions?end=all');
      assert.deepEqual(await Promise.all([here, there].map(isSignedIn)), [true, true]);
    });

    test('a browser without a session', async () => {
      const { app, there } = await setUp(started());
      const answer = await app.browser().post('/auth/sessions', { end: await nameOf(there) });
      assert.equal(answer.location, '/auth/sessions');
      assert.equal(await isSignedIn(there), true);
      assert.equal((await app.browser().get('/auth/sessions')).status, 401);
    });
  });

  test('requests in progress do not restore a session that was ended from another browser', async () => {
    const { app, here, there, alice } = await setUp(started());
    const { location } = await there.get('/auth/edit_profile');
    const as = 'alice@example.com';
    const callback = await app.control.authorize(location, { as, claims: alice });
    const cookie = there.cookies.get('b2c-signin') ?? '';
    const [, late] = await Promise.all([
      here.post('/auth/sessions', { end: 'others' }),
      there.get(callback),
      ...Array.from({ length: 10 }, () => there.get('/')),
    ]);
    assert.equal(late.status, 303);
    there.cookies.set('b2c-signin', cookie);
    assert.equal(await isSignedIn(there), false);
    assert.equal((await rowsOf(here)).length, 1);
  });

  test('signing in as another user ends the previous session and mixes no data', async () => {
    const app = started();
    const browser = app.browser();
    const [sub, bobs] = [randomUUID(), { sub: randomUUID() }];
    const start = await browser.get('/auth/sign_in');
    const alice = { as: 'alice@example.com', claims: { sub, extension_Secret: 'of-alice' } };
    await browser.get(await app.control.authorize(start.location, alice));
    const elsewhere = await app.signedIn('alice@example.com', { sub });
    const previous = browser.cookies.get('b2c-signin') ?? '';
    const { location } = await browser.get('/auth/sign_in');
    await browser.get(await app.control.authorize(location, { as: BOB, claims: bobs }));
    const { body } = await browser.get('/auth/token_details');
    assert.match(body, /bob@example\.com/);
    assert.doesNotMatch(body, /alice|of-alice/i);
    assert.equal((await rowsOf(browser)).length, 1);
    // Alice's other session stays; the one of this browser has ended.
    assert.equal((await rowsOf(elsewhere)).length, 1);
    const thief = app.browser();
    thief.cookies.set('b2c-signin', previous);
    assert.equal(await isSignedIn(thief), false);
    assert.deepEqual([...browser.cookies.keys()].sort(), ['b2c-signin', 'b2c-signin-logout']);
  });

  test('a browser that signs in and out repeatedly has at most two cookies', async () => {
    const app = started();
    const browser = app.browser();
    for (let i = 0; i < 5; i += 1) {
      for (const as of ['alice@example.com', BOB]) {
        const { location } = await browser.get('/auth/sign_in');
        await browser.get(await app.control.authorize(location, { as }));
        assert.equal(browser.cookies.size, 2);
      }
      await browser.post('/auth/sign_out');
      assert.equal(browser.cookies.size, 0);
    }
  });
});
