import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { sharedApp, startApp } from '../support/app.js';

describe('the pages of a user', () => {
  const started = sharedApp();

  test('visitors and signed-in users see the status page, and a visit sets no cookie', async () => {
    const app = started();
    for (const path of ['/', '/sign_in_status', '/auth/token_details', '/nowhere', '/auth/me']) {
      const answer = await app.browser().get(path);
      assert.deepEqual(answer.setCookies, [], path);
    }
    const page = await app.browser().get('/');
    assert.equal(page.status, 200);
    assert.match(page.body, /You are not signed in/);
    assert.ok(page.body.includes(`${app.url}/auth/redirect`), 'the redirect URI to register');
    const browser = await app.signedIn();
    assert.match((await browser.get('/sign_in_status')).body, /You are signed in/);
  });

  describe('a page that requires sign-in gives visitors', () => {
    const redirecting = sharedApp({ config: { signedOutPages: 'redirect' } });
    for (const path of ['/auth/token_details', '/token_details']) {
      test(`the 401 page at ${path}, with a link that returns there`, async () => {
        const app = started();
        const page = await app.browser().get(path);
        assert.equal(page.status, 401);
        assert.ok(page.body.includes(`/auth/sign_in?return_to=${encodeURIComponent(path)}`));
      });
      test(`a redirect to sign-in at ${path}, with signedOutPages "redirect"`, async () => {
        const answer = await redirecting().browser().get(path);
        assert.equal(answer.status, 302);
        assert.equal(answer.location, `/auth/sign_in?return_to=${encodeURIComponent(path)}`);
      });
    }
  });

  describe('an invalid session cookie gives no session', () => {
    const rows: [string, (good: string) => string][] = [
      ['without its signature', (good) => good.split('.')[0] ?? ''],
      ['with another signature', (good) => `${good.split('.')[0]}.${'A'.repeat(43)}`],
      ['with another ID', (good) => `${'A'.repeat(43)}.${good.split('.')[1]}`],
      ['in quotes', (good) => `"${good}"`],
      ['with an appended character', (good) => `${good}A`],
      ['empty', () => ''],
      ['with invalid escapes', () => '%zz%ff'],
    ];
    for (const [name, change] of rows) {
      test(name, async () => {
        const app = started();
        const browser = await app.signedIn();
        browser.cookies.set('b2c-signin', change(browser.cookies.get('b2c-signin') ?? ''));
        assert.equal((await browser.get('/auth/token_details')).status, 401);
      });
    }
    test('under a name in other case', async () => {
      const app = started();
      const cookie = (await app.signedIn()).cookies.get('b2c-signin') ?? '';
      const browser = app.browser();
      browser.cookies.set('B2C-SIGNIN', cookie);
      assert.equal((await browser.get('/auth/token_details')).status, 401);
    });
  });

  test('over HTTPS, cookies under names that a sibling host could set are ignored', async (t) => {
    const app = await startApp(t, { certificate: createCertificate() });
    const value = (await app.signedIn()).cookies.get('__Host-b2c-signin') ?? '';
    const statusWith = async (cookie: string) =>
      (await app.browser().get('/auth/token_details', { cookie })).status;
    assert.equal(await statusWith(`__Host-b2c-signin=${value}`), 200);
    for (const name of [
      'b2c-signin',
      '__host-b2c-signin',
      '__Secure-b2c-signin',
      '__HOST-b2c-signin',
    ]) {
      assert.equal(await statusWith(`${name}=${value}`), 401, name);
    }
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    const [[name = '', attempt = ''] = []] = browser.cookies;
    const planted = { cookie: `${name.replace('__Host-', '')}=${attempt}` };
    assert.equal((await app.browser().get(callback, planted)).status, 400);
  });

  test('a session expires after its idle timeout', async (t) => {
    let offset = 0;
    const config = { session: { idleMinutes: 10, absoluteMinutes: 60 } };
    const app = await startApp(t, { config, now: () => Date.now() + offset });
    const browser = await app.signedIn();
    offset = 9 * 60_000;
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    offset = 18 * 60_000;
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    offset = 29 * 60_000;
    assert.equal((await browser.get('/auth/token_details')).status, 401);
    assert.equal(app.log.of('session_expired').length, 1);
  });

  test('a clock that is set back does not extend a session', async (t) => {
    let offset = 0;
    const config = { session: { idleMinutes: 10, absoluteMinutes: 10 } };
    const app = await startApp(t, { config, now: () => Date.now() + offset });
    const browser = await app.signedIn();
    offset = 9 * 60_000;
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    offset -= 3_600_000;
    assert.equal((await browser.get('/auth/token_details')).status, 200);
    // Two minutes later, still one hour behind.
    offset += 2 * 60_000;
    assert.equal((await browser.get('/auth/token_details')).status, 401);
  });

  test('above the limit per user, the least recently used session of that user ends, and no other', async (t) => {
    const app = await startApp(t, {
      config: { session: { store: { kind: 'memory', maxPerUser: 2 } } },
    });
    const bob = await app.signedIn('bob@example.com');
    const alices = [await app.signedIn(), await app.signedIn(), await app.signedIn()];
    const statuses = [];
    for (const browser of [...alices, bob]) {
      statuses.push((await browser.get('/auth/token_details')).status);
    }
    assert.deepEqual(statuses, [401, 200, 200, 200]);
  });

  describe('/auth/me returns', () => {
    const asScript = {
      accept: 'application/json',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    };
    test('401 with the sign-in URL for a visitor', async () => {
      const app = started();
      const answer = await app.browser().get('/auth/me', asScript);
      assert.equal(answer.status, 401);
      assert.deepEqual(JSON.parse(answer.body), { signedIn: false, signInUrl: '/auth/sign_in' });
    });
    test('the user and the end of the session, but no token', async () => {
      const app = started();
      const browser = await app.signedIn();
      const answer = await browser.get('/auth/me', asScript);
      assert.equal(answer.status, 200);
      const { signedIn, user, expiresAt } = JSON.parse(answer.body);
      assert.equal(signedIn, true);
      assert.equal(user.email, 'alice@example.com');
      assert.ok(Math.abs(expiresAt - Date.now() - 3_600_000) < 10_000);
      assert.doesNotMatch(answer.body, /eyJ/);
    });
    test('the user without extending the session, with slide=false', async (t) => {
      let offset = 0;
      const app = await startApp(t, { now: () => Date.now() + offset });
      const browser = await app.signedIn();
      offset = 50 * 60_000;
      await browser.get('/auth/me?slide=false', asScript);
      offset = 61 * 60_000;
      assert.equal((await browser.get('/auth/me', asScript)).status, 401);
    });
  });

  test('an API request gets an error as JSON', async () => {
    const app = started();
    const answer = await app.browser().get('/nowhere', { accept: 'application/json' });
    assert.equal(answer.status, 404);
    assert.equal(JSON.parse(answer.body).error, 'not_found');
  });
});
