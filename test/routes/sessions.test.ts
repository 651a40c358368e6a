// "Your sessions": where else somebody is signed in, and the way to end that.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type RunningApp, startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0';
const BOB = 'bob@example.com';

interface Row {
  browser: string;
  name: string;
  isCurrent: boolean;
}

/** The rows of somebody's page, as he sees them. */
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

/** Alice in two browsers, Bob in one. */
async function setUp(t: TestContext) {
  const app = await startApp(t);
  const [here, there, bob] = [await app.signedIn(), await app.signedIn(), await app.signedIn(BOB)];
  return { app, here, there, bob };
}

async function signInWith(app: RunningApp, headers: Record<string, string>) {
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in', headers);
  await browser.get(await app.control.authorize(location, { as: BOB }), headers);
  return browser;
}

test('everybody sees his own sessions, by browser and time, and which one is this', async (t) => {
  const app = await startApp(t);
  const firefox = await signInWith(app, { 'user-agent': FIREFOX });
  const other = await signInWith(app, { 'user-agent': '<script>alert(1)</script>' });
  await app.signedIn('alice@example.com');
  const rows = await rowsOf(firefox);
  // This browser first, whichever was used last.
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
  // Names on the page open nothing.
  for (const { name } of rows) assert.match(name, /^[0-9a-f]{12}$/);
});

test('one session is ended by its name, and the others go on', async (t) => {
  const { here, there, bob } = await setUp(t);
  const answer = await here.post('/auth/sessions', { end: await nameOf(there) });
  assert.equal(answer.status, 303);
  assert.equal(answer.location, '/auth/sessions');
  assert.deepEqual(await Promise.all([here, there, bob].map(isSignedIn)), [true, false, true]);
  assert.equal((await rowsOf(here)).length, 1);
});

test('all others are ended at once', async (t) => {
  const { app, here, there, bob } = await setUp(t);
  const third = await app.signedIn();
  await here.post('/auth/sessions', { end: 'others' });
  const left = await Promise.all([here, there, third, bob].map(isSignedIn));
  assert.deepEqual(left, [true, false, false, true]);
  assert.equal(app.log.of('sign_out').length, 2);
});

test('signing out everywhere ends all sessions of the user, and leads on to the provider', async (t) => {
  const { here, there, bob } = await setUp(t);
  const page = await here.post('/auth/sessions', { end: 'all' });
  assert.equal(page.status, 200);
  assert.match(page.body, /http-equiv="refresh" content="0;url=[^"]*\/logout\?[^"]*id_token_hint=/);
  assert.deepEqual([...here.cookies.keys()], []);
  assert.deepEqual(await Promise.all([here, there, bob].map(isSignedIn)), [false, false, true]);
});

test('ending the session of this browser signs out here alone', async (t) => {
  const { here, there } = await setUp(t);
  const page = await here.post('/auth/sessions', { end: await nameOf(here) });
  assert.match(page.body, /\/logout\?/);
  assert.deepEqual(await Promise.all([here, there].map(isSignedIn)), [false, true]);
});

describe('nothing is ended by', () => {
  const rows: [string, (given: Awaited<ReturnType<typeof setUp>>) => Promise<string> | string][] = [
    ['the name of a session of somebody else', ({ bob }) => nameOf(bob)],
    ['a name that nobody has', () => '0123456789ab'],
    ['the beginning of a name', async ({ there }) => (await nameOf(there)).slice(0, 11)],
    ['the session cookie of another browser', ({ there }) => there.cookies.get('b2c-signin') ?? ''],
    ['the signature in it', ({ there }) => there.cookies.get('b2c-signin')?.split('.')[1] ?? ''],
    ['no name', () => ''],
    ['a name of the prototype', () => '__proto__'],
  ];
  for (const [name, endOf] of rows) {
    test(name, async (t) => {
      const given = await setUp(t);
      const { here, there, bob, app } = given;
      const answer = await here.post('/auth/sessions', { end: await endOf(given) });
      assert.equal(answer.status, 303);
      assert.deepEqual(await Promise.all([here, there, bob].map(isSignedIn)), [true, true, true]);
      assert.equal(app.log.of('sign_out').length, 0);
    });
  }

  test('a post of another site', async (t) => {
    const { here, there } = await setUp(t);
    for (const end of ['all', 'others', await nameOf(there)]) {
      const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      assert.equal((await here.post('/auth/sessions', { end }, headers)).status, 403);
    }
    assert.deepEqual(await Promise.all([here, there].map(isSignedIn)), [true, true]);
  });

  test('a link', async (t) => {
    const { here, there } = await setUp(t);
    await here.get('/auth/sessions?end=all');
    assert.deepEqual(await Promise.all([here, there].map(isSignedIn)), [true, true]);
  });

  test('a browser that is not signed in', async (t) => {
    const { app, there } = await setUp(t);
    const answer = await app.browser().post('/auth/sessions', { end: await nameOf(there) });
    assert.equal(answer.location, '/auth/sessions');
    assert.equal(await isSignedIn(there), true);
    assert.equal((await app.browser().get('/auth/sessions')).status, 401);
  });
});

test('a session that was ended from elsewhere is not revived by what was under way in it', async (t) => {
  const { app, here, there } = await setUp(t);
  const { location } = await there.get('/auth/edit_profile');
  const callback = await app.control.authorize(location, { as: 'alice@example.com' });
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

test('signing in as somebody else ends the session before, and mixes nothing', async (t) => {
  const app = await startApp(t);
  const browser = app.browser();
  const alice = async () => (await browser.get('/auth/sign_in')).location;
  const claims = { extension_Secret: 'of-alice' };
  await browser.get(
    await app.control.authorize(await alice(), { as: 'alice@example.com', claims }),
  );
  const elsewhere = await app.signedIn();
  const before = browser.cookies.get('b2c-signin') ?? '';
  const { location } = await browser.get('/auth/sign_in');
  await browser.get(await app.control.authorize(location, { as: BOB }));
  const { body } = await browser.get('/auth/token_details');
  assert.match(body, /bob@example\.com/);
  assert.doesNotMatch(body, /alice|of-alice/i);
  assert.equal((await rowsOf(browser)).length, 1);
  // Alice's other session goes on; the one of this browser is over.
  assert.equal((await rowsOf(elsewhere)).length, 1);
  const thief = app.browser();
  thief.cookies.set('b2c-signin', before);
  assert.equal(await isSignedIn(thief), false);
  assert.deepEqual([...browser.cookies.keys()].sort(), ['b2c-signin', 'b2c-signin-logout']);
});

test('however often a browser signs in, out and in again, it has two cookies', async (t) => {
  const app = await startApp(t);
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
