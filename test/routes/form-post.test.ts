// `responseMode: "form_post"`: the provider's page posts the authorization response from another site.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { mountApp, sharedApp } from '../support/app.js';
import type { Answer, Browser } from '../support/browser.js';

const CALLBACK = '/auth/redirect';
const ALICE = { as: 'alice@example.com' };

const app = sharedApp({
  certificate: createCertificate(),
  config: { responseMode: 'form_post' },
});

/** The headers of a browser when a page of the provider posts a form: no `SameSite=Lax` cookie. */
const fromProvider = (browser: Browser, changes: Record<string, string> = {}) => ({
  cookie: [...browser.cookies]
    .filter(([name]) => name !== '__Host-b2c-signin')
    .map(([name, value]) => `${name}=${value}`)
    .join('; '),
  origin: app().emulator.url,
  'sec-fetch-site': 'cross-site',
  ...changes,
});

async function begin(browser: Browser, path = '/auth/sign_in?return_to=/auth/token_details') {
  const { location, setCookies } = await browser.get(path);
  assert.equal(new URL(location).searchParams.get('response_mode'), 'form_post');
  return { location, setCookies };
}

async function signIn(browser: Browser, how: object = ALICE): Promise<Answer> {
  const form = await app().control.authorizeForm((await begin(browser)).location, how);
  return browser.post(CALLBACK, form, fromProvider(browser));
}

const claimsPage = async (browser: Browser) => (await browser.get('/auth/token_details')).status;
const failures = () =>
  app()
    .log.of('sign_in_failed')
    .map(({ code }) => code);

describe('with form_post', () => {
  test('a posted response signs in, and redirects to the return path', async () => {
    const browser = app().browser();
    const { status, location } = await signIn(browser);
    assert.deepEqual([status, location], [303, '/auth/token_details']);
    assert.equal(await claimsPage(browser), 200);
  });

  test('only the attempt cookie is SameSite=None, and it is cleared with the same attributes', async () => {
    const browser = app().browser();
    const { location, setCookies } = await begin(browser);
    assert.equal(setCookies.length, 1);
    assert.match(setCookies[0] ?? '', /^__Host-b2c-attempt-.*; HttpOnly; Secure; SameSite=None$/);
    const form = await app().control.authorizeForm(location, ALICE);
    const answer = await browser.post(CALLBACK, form, fromProvider(browser));
    const cookie = (start: string) =>
      answer.setCookies.find((line) => line.startsWith(start)) ?? '';
    assert.match(cookie('__Host-b2c-attempt-'), /Max-Age=0.*Secure; SameSite=None$/);
    assert.match(cookie('__Host-b2c-signin='), /SameSite=Lax$/);
  });

  test('the same response in the query is refused, and redeems nothing', async () => {
    const browser = app().browser();
    const form = await app().control.authorizeForm((await begin(browser)).location, ALICE);
    const before = await app().control.count('token');
    const query = new URLSearchParams(form);
    assert.equal((await browser.get(`${CALLBACK}?${query}`)).status, 400);
    assert.equal((await browser.send('HEAD', `${CALLBACK}?${query}`)).status, 405);
    assert.deepEqual(failures(), ['callback_malformed']);
    assert.equal(await app().control.count('token'), before);
    assert.equal((await browser.post(CALLBACK, form, fromProvider(browser))).status, 303);
  });

  test('parameters in the query of a post are refused', async () => {
    const browser = app().browser();
    const form = await app().control.authorizeForm((await begin(browser)).location, ALICE);
    const target = `${CALLBACK}?state=${form['state']}`;
    const answer = await browser.post(target, form, fromProvider(browser));
    assert.equal(answer.status, 400);
    assert.deepEqual(failures(), ['callback_malformed']);
  });

  test('an error of the provider is read from the form', async () => {
    const browser = app().browser();
    const answer = await signIn(browser, { cancel: true });
    assert.deepEqual([answer.status, answer.location], [303, '/auth/token_details']);
    assert.equal(app().log.of('sign_in_cancelled').length, 1);
  });

  const refused: [title: string, headers: Record<string, string>, status: number][] = [
    ['a body that is not a form', { 'content-type': 'application/json' }, 415],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
    ['a post in a frame', { 'sec-fetch-dest': 'iframe' }, 403],
    ['a post by a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 403],
  ];
  for (const [title, headers, status] of refused) {
    test(`${title} is refused`, async () => {
      const browser = app().browser();
      const form = await app().control.authorizeForm((await begin(browser)).location, ALICE);
      const answer = await browser.post(CALLBACK, form, fromProvider(browser, headers));
      assert.equal(answer.status, status);
      assert.equal(await claimsPage(browser), 401);
    });
  }

  test('a body above 16 KiB is refused', async () => {
    const browser = app().browser();
    const form = await app().control.authorizeForm((await begin(browser)).location, ALICE);
    const padded = { ...form, padding: 'x'.repeat(16_384) };
    assert.equal((await browser.post(CALLBACK, padded, fromProvider(browser))).status, 413);
  });

  test('a post without the origin of a page signs in too', async () => {
    const browser = app().browser();
    const form = await app().control.authorizeForm((await begin(browser)).location, ALICE);
    const headers = fromProvider(browser, { origin: 'null' });
    assert.equal((await browser.post(CALLBACK, form, headers)).status, 303);
  });

  test('a post from another browser is refused', async () => {
    const [own, other] = [app().browser(), app().browser()];
    const form = await app().control.authorizeForm((await begin(own)).location, ALICE);
    assert.equal((await other.post(CALLBACK, form, fromProvider(other))).status, 400);
    assert.deepEqual(failures(), ['callback_without_attempt']);
  });

  test('a form that the browser posts again is redirected to its page', async () => {
    const browser = app().browser();
    const { location } = await begin(browser);
    const form = await app().control.authorizeForm(location, ALICE);
    assert.equal((await browser.post(CALLBACK, form, fromProvider(browser))).status, 303);
    const redeemed = await app().control.count('token');
    const again = await browser.post(CALLBACK, form, fromProvider(browser));
    assert.deepEqual([again.status, again.location], [303, '/auth/token_details']);
    assert.equal(await app().control.count('token'), redeemed);
    const otherCode = await app().control.authorizeForm(location, { as: 'bob@example.com' });
    const page = await browser.post(CALLBACK, otherCode, fromProvider(browser));
    assert.equal(page.status, 400);
    assert.match(page.body, /Signed in as .*Alice Example/);
  });

  test('a new sign-in ends the previous session of the browser', async () => {
    const browser = app().browser();
    await signIn(browser);
    const previous = new Map(browser.cookies);
    await signIn(browser, { as: 'bob@example.com' });
    const old = app().browser();
    for (const [name, value] of previous) old.cookies.set(name, value);
    assert.equal(await claimsPage(old), 401);
    assert.equal(await claimsPage(browser), 200);
  });

  test('an edit of the profile changes the session of the browser', async () => {
    const browser = app().browser();
    await signIn(browser);
    const session = browser.cookies.get('__Host-b2c-signin');
    const { location } = await begin(browser, '/auth/edit_profile?return_to=/auth/token_details');
    const edited = { ...ALICE, claims: { given_name: 'Alicia' } };
    const form = await app().control.authorizeForm(location, edited);
    const answer = await browser.post(CALLBACK, form, fromProvider(browser));
    assert.deepEqual([answer.status, answer.location], [303, '/auth/token_details']);
    assert.equal(browser.cookies.get('__Host-b2c-signin'), session);
    assert.match((await browser.get('/auth/token_details')).body, /Alicia/);
  });

  test('the logout cookie alone shows no page of the user', async () => {
    const browser = app().browser();
    await signIn(browser);
    const cookie = fromProvider(browser).cookie;
    const answer = await app().browser().get('/auth/token_details', { cookie });
    assert.equal(answer.status, 401);
  });
});

test('with query, a posted response is refused', async (t) => {
  const plain = await mountApp(t, async (_app, _request, response) => void response.end());
  const browser = plain.browser();
  const { location, setCookies } = await browser.get('/auth/sign_in');
  assert.match(setCookies[0] ?? '', /SameSite=Lax$/);
  const callback = new URL(await plain.control.authorize(location, ALICE));
  const form = Object.fromEntries(callback.searchParams);
  const answer = await browser.post(CALLBACK, form);
  assert.equal(answer.status, 405);
  assert.equal(answer.headers['allow'], 'GET');
});
