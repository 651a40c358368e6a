// The session cookie of applications that share a parent domain with sign-in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.js';

const SITE = 'https://login.example.com';
// A reverse proxy ends TLS, so browsers use another URL.
const behindProxy = (gate: object) => ({
  config: { baseUrl: SITE, gate },
  emulator: {
    applications: [
      {
        id: '11111111-1111-1111-1111-111111111111',
        secrets: ['s'],
        redirectUris: [`${SITE}/auth/redirect`],
      },
    ],
  },
});

async function setCookiesOfSignIn(t: Parameters<typeof startApp>[0], gate: object) {
  const app = await startApp(t, behindProxy(gate));
  const browser = app.browser();
  const started = await browser.get('/auth/sign_in');
  const callback = await app.control.authorize(started.location, { as: 'alice@example.com' });
  const ended = await browser.get(callback.replace(SITE, app.url));
  assert.equal(ended.status, 303);
  return { app, browser, cookies: [...started.setCookies, ...ended.setCookies] };
}

const named = (cookies: string[], name: string) =>
  cookies.find((line) => line.startsWith(`${name}=`)) ?? '';

test('with gate.cookieDomain, only the session cookie is set for the domain', async (t) => {
  const gate = { cookieDomain: 'example.com' };
  const { app, browser, cookies } = await setCookiesOfSignIn(t, gate);
  const session = named(cookies, '__Secure-b2c-signin');
  assert.match(session, /; Domain=example\.com(;|$)/);
  assert.match(session, /; HttpOnly/);
  assert.match(session, /; Secure/);
  assert.match(session, /; SameSite=Lax/);
  const others = cookies.filter((line) => line !== session);
  assert.ok(others.length >= 2);
  for (const line of others) {
    assert.match(line, /^__Host-/);
    assert.doesNotMatch(line, /Domain/i);
  }
  assert.equal((await browser.get('/auth/verify')).status, 202);

  const out = await browser.post('/auth/sign_out', {}, { origin: SITE });
  assert.equal(out.status, 200);
  assert.match(named(out.setCookies, '__Secure-b2c-signin'), /; Max-Age=0; .*Domain=example\.com/);
  const cookie = session.split(';', 1)[0] ?? '';
  assert.equal((await app.browser().get('/auth/verify', { cookie })).status, 401);
});

test('without gate.cookieDomain, the session cookie is set for this host only', async (t) => {
  const { app, cookies } = await setCookiesOfSignIn(t, {});
  const session = named(cookies, '__Host-b2c-signin');
  assert.ok(session);
  assert.doesNotMatch(session, /Domain/i);
  // A cookie of the domain is not accepted: every host of the domain could set it.
  const cookie = session.split(';', 1)[0]?.replace('__Host-', '__Secure-') ?? '';
  assert.equal((await app.browser().get('/auth/verify', { cookie })).status, 401);
});
