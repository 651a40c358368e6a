// `session.reauthenticateAfterIdle`, with a session of the user at the tenant.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visit } from '../emulator/visitor.js';
import { sharedApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

const ALICE = 'alice@example.com';
const PASSWORD = 'Pass@word1';
const MINUTE_MS = 60_000;

let offset = 0;
const now = () => Date.now() + offset;
const started = (session: object) => sharedApp({ config: { session }, now });

/** The idle timeout passes, and a request finds it out. */
async function letExpire(browser: Browser) {
  assert.equal((await browser.get('/auth/token_details')).status, 200, 'signed in');
  offset = 61 * MINUTE_MS;
  assert.equal((await browser.get('/auth/token_details')).status, 401, 'expired');
  // Tokens are checked with the real clock. The expired session is deleted.
  offset = 0;
}

const promptOf = (location: string) => new URL(location).searchParams.get('prompt');

describe('after an idle timeout', () => {
  const app = started({ reauthenticateAfterIdle: true });

  /** A browser with a session here and at the tenant. */
  async function signIn() {
    const browser = app().browser();
    const tenant = visit(app().emulator);
    await tenant.open((await browser.get('/auth/sign_in')).location);
    await tenant.press('next', { email: ALICE, password: PASSWORD });
    assert.equal((await browser.get(tenant.left().href)).status, 303);
    return { browser, tenant };
  }

  test('the next sign-in asks for the password, although the tenant still has a session', async () => {
    const { browser, tenant } = await signIn();
    await letExpire(browser);
    await tenant.open((await browser.get('/auth/sign_in')).location);
    assert.equal(tenant.page.status, 200, 'the page of the tenant');
    await tenant.press('next', { email: ALICE, password: PASSWORD });
    assert.equal((await browser.get(tenant.left().href)).status, 303);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('a tenant that does not ask for it is noticed by auth_time', async () => {
    const { browser } = await signIn();
    await letExpire(browser);
    const { location } = await browser.get('/auth/sign_in');
    const claims = { auth_time: Math.floor(Date.now() / 1000) - 600 };
    const callback = await app().control.authorize(location, { as: ALICE, claims });
    assert.equal((await browser.get(callback)).status, 403);
    assert.equal((await browser.get('/auth/token_details')).status, 401);
    const [line] = app().log.of('sign_in_failed');
    assert.equal(line?.['code'], 'authentication_too_old');
    // And the next attempt asks again.
    assert.equal(promptOf((await browser.get('/auth/sign_in')).location), 'login');
  });

  test('profile editing asks for the password, and its follow-up sign-in too', async () => {
    const { browser } = await signIn();
    await letExpire(browser);
    const edit = await browser.get('/auth/edit_profile');
    assert.equal(promptOf(edit.location), 'login');
    const callback = await app().control.authorize(edit.location, { as: ALICE });
    const next = await browser.get(callback);
    assert.equal(promptOf(next.location), 'login');
  });

  test('a password reset still ends in a session', async () => {
    const { browser } = await signIn();
    await letExpire(browser);
    const reset = await browser.get('/auth/reset_password');
    const next = await browser.get(await app().control.authorize(reset.location, { as: ALICE }));
    assert.equal(promptOf(next.location), 'login');
    await browser.get(await app().control.authorize(next.location, { as: ALICE }));
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('a session that was ended in another browser counts too', async () => {
    const { browser } = await signIn();
    const other = await app().signedIn(ALICE);
    await other.post('/auth/sessions', { end: 'others' });
    assert.equal(promptOf((await browser.get('/auth/sign_in')).location), 'login');
  });

  test('nothing changes for a new browser, a running session and after a sign-out', async () => {
    const fresh = await app().browser().get('/auth/sign_in');
    assert.equal(promptOf(fresh.location), null);
    const { browser } = await signIn();
    assert.equal(promptOf((await browser.get('/auth/sign_in')).location), null);
    await browser.post('/auth/sign_out', {});
    assert.equal(promptOf((await browser.get('/auth/sign_in')).location), null);
  });

  test('a cookie that this server has not signed changes nothing', async () => {
    const { location } = await app().browser().get('/auth/sign_in', { cookie: 'b2c-signin=a.b' });
    assert.equal(promptOf(location), null);
  });
});

describe('without the setting', () => {
  const app = started({});

  test('the session of the tenant signs the user in again without a password', async () => {
    const browser = app().browser();
    const tenant = visit(app().emulator);
    await tenant.open((await browser.get('/auth/sign_in')).location);
    await tenant.press('next', { email: ALICE, password: PASSWORD });
    await browser.get(tenant.left().href);
    await letExpire(browser);
    await tenant.open((await browser.get('/auth/sign_in')).location);
    assert.equal((await browser.get(tenant.left().href)).status, 303);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });
});
