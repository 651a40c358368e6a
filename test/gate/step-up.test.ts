// Rules with `maxAgeSeconds` and `policy`: a signed-in user may have to take another step first.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RunningApp, startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { fileScope } from '../support/redis.js';

const gate = {
  allowedHosts: ['app.example.com'],
  rules: [
    { path: '/public', allow: 'everyone' },
    { path: '/pay', maxAgeSeconds: 300 },
    { path: '/profile', policy: 'editProfile' },
    { path: '/admin', claims: { extension_Role: ['admin'] }, maxAgeSeconds: 300 },
  ],
};
const HOST = 'http://app.example.com';
const SCRIPT = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

const scope = fileScope() as unknown as Parameters<typeof startApp>[0];
const app: RunningApp = await startApp(scope, { config: { gate } });

const verify = (browser: Browser, path: string) =>
  browser.get('/auth/verify', { 'x-original-url': HOST + path });
const forward = (browser: Browser, path: string, headers: Record<string, string> = {}) =>
  browser.get('/auth/forward', {
    'x-forwarded-host': 'app.example.com',
    'x-forwarded-uri': path,
    'x-forwarded-method': 'GET',
    ...headers,
  });

/** A user who authenticated ten minutes ago. */
const signedInBefore = (claims: object = {}) => {
  const authTime = Math.floor(Date.now() / 1_000) - 600;
  return app.signedIn('alice@example.com', { auth_time: authTime, ...claims });
};

describe('a rule with maxAgeSeconds', () => {
  test('allows a user who has just authenticated, and a public page at any time', async () => {
    const browser = await app.signedIn();
    assert.equal((await verify(browser, '/pay')).status, 202);
    const late = await signedInBefore();
    for (const path of ['/public/x', '/other']) {
      assert.equal((await verify(late, path)).status, 202);
      assert.equal((await forward(late, path)).status, 200);
    }
  });

  test('sends a page navigation through sign-in, and allows the user afterwards', async () => {
    const browser = await signedInBefore();
    const { status, headers } = await verify(browser, '/pay/1?x=1');
    assert.equal(status, 401);
    assert.match(String(headers['www-authenticate']), CHALLENGE);
    const redirect = await forward(browser, '/pay/1?x=1');
    assert.equal(redirect.status, 302);
    const location = new URL(redirect.location);
    assert.equal(location.pathname, '/auth/sign_in');
    assert.deepEqual(Object.fromEntries(location.searchParams), {
      return_to: `${HOST}/pay/1?x=1`,
      prompt: 'login',
      max_age: '300',
    });
    const begun = await browser.get(redirect.location);
    assert.equal(new URL(begun.location).searchParams.get('prompt'), 'login');
    const callback = await app.control.authorize(begun.location, { as: 'alice@example.com' });
    const back = await browser.get(callback);
    assert.equal(back.location, `${HOST}/pay/1?x=1`);
    assert.equal((await verify(browser, '/pay/1?x=1')).status, 202);
  });

  test('gives a script 401 with the error of RFC 9470', async () => {
    const browser = await signedInBefore();
    const answer = await forward(browser, '/pay', SCRIPT);
    assert.equal(answer.status, 401);
    assert.match(String(answer.headers['www-authenticate']), CHALLENGE);
    assert.deepEqual(JSON.parse(answer.body), {
      error: 'insufficient_user_authentication',
      signedIn: true,
      signInUrl: `${app.url}/auth/sign_in?prompt=login&max_age=300`,
    });
    const line = app.log.of('gate_denied').at(-1);
    assert.deepEqual(
      [line?.['code'], line?.['rule'], line?.['status']],
      ['authentication_too_old', '/pay', 401],
    );
  });

  test('a visitor gets the usual response, without a step', async () => {
    const answer = await forward(app.browser(), '/pay', SCRIPT);
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['www-authenticate'], undefined);
    assert.equal(JSON.parse(answer.body).signedIn, false);
  });

  test('a user without the claim is denied, not sent through sign-in', async () => {
    const browser = await signedInBefore();
    assert.equal((await verify(browser, '/admin')).status, 403);
    const admin = { extension_Role: 'admin' };
    const fresh = await app.signedIn('alice@example.com', admin);
    assert.equal((await verify(fresh, '/admin')).status, 202);
    assert.equal((await verify(await signedInBefore(admin), '/admin')).status, 401);
  });
});

const CHALLENGE =
  /^Bearer error="insufficient_user_authentication", error_description="[^"]+", max_age="300"$/;

test('a rule with policy runs it once in the session', async () => {
  const browser = await app.signedIn();
  const script = await forward(browser, '/profile', SCRIPT);
  assert.equal(script.status, 401);
  assert.match(String(script.headers['www-authenticate']), /, acr_values="editProfile"$/);
  assert.equal(JSON.parse(script.body).signInUrl, `${app.url}/auth/edit_profile`);
  const redirect = await forward(browser, '/profile');
  assert.equal(redirect.status, 302);
  assert.equal(new URL(redirect.location).pathname, '/auth/edit_profile');
  const begun = await browser.get(redirect.location);
  const callback = await app.control.authorize(begun.location, { as: 'alice@example.com' });
  assert.equal((await browser.get(callback)).location, `${HOST}/profile`);
  assert.equal((await verify(browser, '/profile')).status, 202);
  const other = await app.signedIn();
  assert.equal((await verify(other, '/profile')).status, 401);
});

test('a step of a policy that the tenant of the user does not have is a denial', async (t) => {
  const [main, second] = [await startApp(t), await startApp(t)];
  const { emulator } = second;
  const own = await startApp(t, {
    tenantOf: main,
    config: {
      gate: { ...gate, headers: { 'X-Issuer': 'iss' } },
      tenants: {
        second: {
          tenant: { authority: emulator.authority, allowPlainHttp: true },
          client: { id: emulator.applications[0]?.id, secret: 'emulator-secret' },
          policies: { signIn: 'B2C_1_susi' },
        },
      },
    },
  });
  const browser = own.browser();
  const { location } = await browser.get('/auth/tenant/second/sign_in');
  await browser.get(await second.control.authorize(location, { as: 'alice@example.com' }));
  assert.equal((await forward(browser, '/other')).status, 200);
  assert.equal((await forward(browser, '/profile')).status, 403);
  assert.equal(
    own.log.of('gate_denied').at(-1)?.['detail'],
    'the tenant of the user has no policy of this name',
  );
});
