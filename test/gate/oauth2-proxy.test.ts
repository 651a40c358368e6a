// Configurations of nginx that were written for oauth2-proxy.
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
// A request that nginx forwards for the host of the application.
const ofApplication = { host: 'app.example.com' };

test('/oauth2/auth returns 202 or 401 with the headers that oauth2-proxy documents', async () => {
  const headers = { ...ofApplication, 'x-real-ip': '198.51.100.7', 'x-forwarded-uri': '/x?y=1' };
  assert.equal((await app.browser().get('/oauth2/auth', headers)).status, 401);
  const answer = await (await app.signedIn()).get('/oauth2/auth', headers);
  assert.equal(answer.status, 202);
  assert.equal(answer.headers['x-auth-request-email'], 'alice@example.com');
});

describe('sign-in starts and returns to', () => {
  const rows: [name: string, path: string, headers: Record<string, string>, returnTo: string][] = [
    [
      'a URL in /oauth2/start?rd=',
      '/oauth2/start?rd=http://app.example.com/x%3Fy=1',
      {},
      'http://app.example.com/x?y=1',
    ],
    [
      'a path on the requested host',
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
    ['a path on this site', '/oauth2/sign_in?rd=/x', {}, '/x'],
    [
      'error_page 401 = /oauth2/sign_in',
      '/oauth2/sign_in',
      { ...ofApplication, 'x-auth-request-redirect': '/x?y=1' },
      'http://app.example.com/x?y=1',
    ],
    ['the start page by default', '/oauth2/sign_in', {}, '/'],
    [
      'the start page instead of a URL on another host',
      '/oauth2/start?rd=https://evil.example/',
      {},
      '/',
    ],
    [
      'the start page instead of a URL without a scheme',
      '/oauth2/start?rd=//evil.example/',
      ofApplication,
      '/',
    ],
    ['the start page on an unknown host', '/oauth2/start?rd=/x', { host: 'evil.example' }, '/'],
    ['the start page with two values', '/oauth2/start?rd=/x&rd=/y', {}, '/'],
    [
      'the start page instead of a URL on another host in the header',
      '/oauth2/sign_in',
      { 'x-auth-request-redirect': 'https://evil.example/' },
      '/',
    ],
    ['the start page instead of itself', '/oauth2/start?rd=/oauth2/start', {}, '/'],
  ];
  for (const [name, path, headers, returnTo] of rows) {
    test(name, async () => {
      const answer = await app.browser().get(path, headers);
      assert.equal(answer.status, 302);
      assert.equal(answer.location, signIn(returnTo));
    });
  }

  test('this site if the client is not a trusted proxy', async (t) => {
    const program: Application = async (app, request, response) => app.listener(request, response);
    const mounted = await mountApp(t, program, { peer: '203.0.113.7', config: { gate } });
    const answer = await mounted.browser().get('/oauth2/start?rd=/x', ofApplication);
    assert.equal(answer.location, `${mounted.url}/auth/sign_in?return_to=%2Fx`);
  });
});

test('/oauth2/sign_out redirects to the page that asks for confirmation, and ends no session itself', async () => {
  const browser = await app.signedIn();
  const answer = await browser.get('/oauth2/sign_out?rd=https://evil.example/', ofApplication);
  assert.equal(answer.location, `${app.url}/auth/sign_out`);
  assert.equal((await browser.get('/auth/verify')).status, 202);
});
