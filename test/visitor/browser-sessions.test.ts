import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createCookieWriter, drainSetCookies } from '../../dist/http/cookies.js';
import type { LocalPath } from '../../dist/http/local-path.js';
import { createMemoryStore } from '../../dist/session/memory-store.js';
import { createSessions } from '../../dist/session/session.js';
import { createSigner } from '../../dist/session/signed-cookie.js';
import { detectBrowser } from '../../dist/visitor/browser-name.js';
import { createBrowserSessions, type SessionContent } from '../../dist/visitor/browser-sessions.js';
import { createLogoutCookie } from '../../dist/visitor/logout-cookie.js';
import { recordLog } from '../support/log.js';

const SECRETS = ['a-session-secret-for-tests-of-40-letters'];

function setUp() {
  const cookies = createCookieWriter({ https: true });
  const store = createMemoryStore<SessionContent>({ maxSessions: 20_000 });
  const limits = { idleMs: 60_000, absoluteMs: 60_000 };
  const sessions = createSessions<SessionContent>({ store, log: recordLog(), ...limits });
  const logoutCookie = createLogoutCookie({ cookies, signer: createSigner(SECRETS, 'logout') });
  const signer = createSigner(SECRETS, 'session');
  const visitors = createBrowserSessions({
    ...{ cookies, logoutCookie, signer, sessions },
    findFingerprint: () => 'fingerprint',
  });
  const request = (cookie?: string) =>
    Object.assign(new IncomingMessage(new Socket()), { headers: cookie ? { cookie } : {} });
  const signIn = async () => {
    const response = new ServerResponse(request());
    const key = await visitors.signIn(request(), response, {
      user: { subject: 'ada', name: 'Ada', claims: { sub: 'ada' } },
      tenant: '',
      policy: 'signIn',
      tokens: { idToken: 'i', accessTokens: {} },
      claimsCheckedAt: 0,
      lastCallback: { attemptId: 'a', codeHash: 'c', returnTo: '/' as LocalPath },
    });
    const [session = '', logout = ''] = drainSetCookies(response)
      .filter((part) => part !== 'Set-Cookie')
      .map((cookie) => cookie.split(';', 1)[0] ?? '');
    return { key, session, logout };
  };
  return { visitors, store, sessions, logoutCookie, request, signIn };
}

test('ten thousand session IDs are all different, and each of their 256 bits is equally often 0 and 1', async () => {
  const { signIn } = setUp();
  const ids = new Set<string>();
  for (let i = 0; i < 10_000; i += 1) ids.add((await signIn()).session.split('.', 1)[0] ?? '');
  assert.equal(ids.size, 10_000);
  const ones = Array<number>(256).fill(0);
  for (const id of ids) {
    assert.match(id, /^__Host-b2c-signin=[\w-]{43}$/);
    const bytes = Buffer.from(id.slice('__Host-b2c-signin='.length), 'base64url');
    for (let bit = 0; bit < 256; bit += 1) {
      ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
    }
  }
  // Eight standard deviations: practically impossible by chance.
  for (const [bit, count] of ones.entries()) {
    assert.ok(Math.abs(count - 5_000) < 400, `bit ${bit} is set in ${count} of 10,000`);
  }
});

test('the content of a store is not a valid cookie', async () => {
  const { visitors, request, signIn } = setUp();
  const { key, session } = await signIn();
  assert.ok(await visitors.of(request(session)));
  for (const made of [key, `${key}.${key}`, `x.${key}`, `.${key}`]) {
    assert.equal(await visitors.of(request(`__Host-b2c-signin=${made}`)), undefined, made);
  }
});

test('the logout cookie is not a session cookie, and vice versa', async () => {
  const { visitors, logoutCookie, request, signIn } = setUp();
  const { key, session, logout } = await signIn();
  const textOf = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1);
  assert.equal(logoutCookie.sessionKeyOf(request(logout)), key);
  assert.equal(await visitors.of(request(`__Host-b2c-signin=${textOf(logout)}`)), undefined);
  const swapped = `__Host-b2c-signin-logout=${textOf(session)}`;
  assert.equal(logoutCookie.sessionKeyOf(request(swapped)), undefined);
});

test('a browser has a readable name that contains no part of its header', () => {
  const rows: [userAgent: string | undefined, name: string][] = [
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0',
      'Firefox (Windows)',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
      'Safari (Mac)',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1',
      'Chrome (iPhone)',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
      'Edge (Linux)',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36',
      'Chrome (Android)',
    ],
    ['<script>alert(1)</script>', ''],
    ['', ''],
    [undefined, ''],
  ];
  for (const [userAgent, name] of rows) assert.equal(detectBrowser(userAgent), name);
});
