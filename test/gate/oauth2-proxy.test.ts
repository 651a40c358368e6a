// Lines of nginx that were written for oauth2-proxy.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Application, mountApp, startApp } from '../support/app.js';
import { fileScope } from '../support/redis.js';

const gate = { allowedHosts: ['app.example.com'] };
const app = await startApp(fileScope() as unknown as Parameters<typeof startApp>[0], {
  config: { gate },
});
const signIn = (returnTo: string) =>
  `${app.url}/auth/sign_in?return_to=${encodeURIComponent(returnTo)}`;
// As nginx hands a request for the application's own host on.
const ofApplication = { host: 'app.example.com' };

test('/oauth2/auth says yes and no with the headers of its documentation', async () => {
  const headers = { ...ofApplication, 'x-real-ip': '198.51.100.7', 'x-forwarded-uri': '/x?y=1' };
  assert.equal((await app.browser().get('/oauth2/auth', headers)).status, 401);
  const answer = await (await app.signedIn()).get('/oauth2/auth', headers);
  assert.equal(answer.status, 202);
  assert.equal(answer.headers['x-auth-request-email'], 'alice@example.com');
});

describe('sign-in begins and comes back', () => {
  const rows: [name: string, path: string, headers: Record<string, string>, returnTo: string][] = [
    [
      '/oauth2/start?rd= with an address',
      '/oauth2/start?rd=http://app.example.com/x%3Fy=1',
      {},
      'http://app.example.com/x?y=1',
    ],
    [
      'a path of the host that was asked',
      '/oauth2/start?rd=%2Fx%3Fy%3D1',
      ofApplication,
      'http://app.example.com/x?y=1',
    ],
    [
      'a path behind two proxies',
      '/oauth2/start?rd=/x',
      { 'x-forwarded-host': 'app.example.com' },
      'http://app.example.com/x',
    ],
    ['a path of this site', '/oauth2/sign_in?rd=/x', {}, '/x'],
    [
      'error_page 401 = /oauth2/sign_in',
      '/oauth2/sign_in',
      { ...ofApplication, 'x-auth-request-redirect': '/x?y=1' },
      'http://app.example.com/x?y=1',
    ],
    ['nothing', '/oauth2/sign_in', {}, '/'],
    ['an address elsewhere', '/oauth2/start?rd=https://evil.example/', {}, '/'],
    ['an address elsewhere without scheme', '/oauth2/start?rd=//evil.example/', ofApplication, '/'],
    ['a host elsewhere', '/oauth2/start?rd=/x', { host: 'evil.example' }, '/'],
    ['two values', '/oauth2/start?rd=/x&rd=/y', {}, '/'],
    [
      'an address elsewhere in the header',
      '/oauth2/sign_in',
      { 'x-auth-request-redirect': 'https://evil.example/' },
      '/',
    ],
    ['itself', '/oauth2/start?rd=/oauth2/start', {}, '/'],
  ];
  for (const [name, path, headers, returnTo] of rows) {
    test(name, async () => {
      const answer = await app.browser().get(path, headers);
      assert.equal(answer.status, 302);
      assert.equal(answer.location, signIn(returnTo));
    });
  }

  test('whatever a peer that is no proxy says of the host', async (t) => {
    const program: Application = async (app, request, response) => app.listener(request, response);
    const mounted = await mountApp(t, program, { peer: '203.0.113.7', config: { gate } });
    const answer = await mounted.browser().get('/oauth2/start?rd=/x', ofApplication);
    assert.equal(answer.location, `${mounted.url}/auth/sign_in?return_to=%2Fx`);
  });
});

test('/oauth2/sign_out leads to the page that asks, and signs nobody out by itself', async () => {
  const browser = await app.signedIn();
  const answer = await browser.get('/oauth2/sign_out?rd=https://evil.example/', ofApplication);
  assert.equal(answer.location, `${app.url}/auth/sign_out`);
  assert.equal((await browser.get('/auth/verify')).status, 202);
});
