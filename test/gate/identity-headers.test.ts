// The headers that describe the user to the application.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createIdentityHeaders } from '../../dist/gate/identity-headers.js';
import { startApp } from '../support/app.js';
import type { Answer } from '../support/browser.js';
import { fileScope } from '../support/redis.js';

const NAMES = ['user', 'email', 'preferred-username', 'groups'];
const gate = {
  groupsClaim: 'extension_Groups',
  headers: { 'X-Tier': 'extension_Tier', 'X-Name': 'name' },
  rules: [{ path: '/public', allow: 'everyone' }],
};
const app = await startApp(fileScope() as unknown as Parameters<typeof startApp>[0], {
  config: { gate },
});

/** The identity headers for a user with these claims. */
async function headersWith(claims: Record<string, unknown>): Promise<Answer['headers']> {
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  await browser.get(await app.control.authorize(location, { as: 'alice@example.com', claims }));
  const answer = await browser.get('/auth/verify', { 'x-original-url': '/x' });
  assert.equal(answer.status, 202);
  assert.equal(answer.body, '');
  return answer.headers;
}

test('an allowed request gets the user in both families of headers', async () => {
  const headers = await headersWith({
    sub: undefined,
    emails: ['ada@example.com'],
    preferred_username: 'ada',
    extension_Groups: ['staff', 'admins'],
    extension_Tier: 'gold',
    name: 'Ada',
  });
  assert.match(String(headers['x-auth-request-user']), /^[0-9a-f-]{36}$/);
  assert.equal(headers['x-auth-request-email'], 'ada@example.com');
  assert.equal(headers['x-auth-request-preferred-username'], 'ada');
  assert.equal(headers['x-auth-request-groups'], 'staff,admins');
  for (const name of NAMES) {
    assert.equal(headers[`x-forwarded-${name}`], headers[`x-auth-request-${name}`], name);
  }
  assert.equal(headers['x-tier'], 'gold');
  assert.equal(headers['x-name'], 'Ada');
  assert.equal(headers['x-b2c-assertion'], '');
});

test('without a user, every header is present and empty', async () => {
  const { status, headers } = await app
    .browser()
    .get('/auth/verify', { 'x-original-url': '/public', 'x-auth-request-user': 'admin' });
  assert.equal(status, 202);
  const own = NAMES.flatMap((name) => [`x-auth-request-${name}`, `x-forwarded-${name}`]);
  for (const name of [...own, 'x-tier', 'x-name', 'x-b2c-assertion']) {
    assert.equal(headers[name], '', name);
  }
});

describe('a claim becomes a header value that is decoded once', () => {
  const rows: [name: string, claim: unknown, header: string][] = [
    ['letters beyond ASCII', 'Jürgen Müller', 'J%C3%BCrgen M%C3%BCller'],
    ['a new line', 'a\r\nX-Auth-Request-User: admin', 'a%0D%0AX-Auth-Request-User: admin'],
    ['a control character', 'a\u0000b\u007f', 'a%00b%7F'],
    ['percent signs', '100% %41', '100%25 %2541'],
    ['spaces at both ends', '  a b ', '%20%20a b%20'],
    ['a character outside the Basic Multilingual Plane', '😀', '%F0%9F%98%80'],
    ['a lone surrogate', 'a\ud800', 'a%EF%BF%BD'],
    ['a look-alike of @', 'a\uff20b', 'a%EF%BC%A0b'],
    ['a number', 7, '7'],
    ['a boolean', false, 'false'],
    ['a list', ['a', 'b,c', 3], 'a,b%2Cc,3'],
    ['a string with a comma, which is not a list', 'b,c', 'b%2Cc'],
    ['a list of one item with a comma', ['b,c'], 'b%2Cc'],
    ['an empty list', [], ''],
    ['an object', { a: 1 }, ''],
    ['nothing', null, ''],
    ['a value above the limit, which is empty instead of cut', 'x'.repeat(2049), ''],
  ];
  for (const [name, claim, header] of rows) {
    test(name, async () => {
      const headers = await headersWith({ extension_Tier: claim });
      assert.equal(headers['x-tier'], header);
      if (typeof claim !== 'string' || header === '' || name === 'a lone surrogate') return;
      assert.equal(decodeURIComponent(header), claim);
    });
  }

  test('a list and a string with the same text are the same groups', async () => {
    for (const claim of [['x,admin'], 'x,admin']) {
      const headers = await headersWith({ extension_Groups: claim });
      assert.equal(headers['x-auth-request-groups'], 'x%2Cadmin');
      assert.equal(headers['x-forwarded-groups'], 'x%2Cadmin');
    }
  });

  // Bounds against hanging: a quadratic expression would take minutes for these lengths.
  test('huge claims are left out without hanging', { timeout: 20_000 }, () => {
    const headersFor = createIdentityHeaders({ groupsClaim: 'groups', headers: { 'X-Tier': 't' } });
    const size = 3_000_000;
    const hostile = [' '.repeat(size), `${' '.repeat(size)}x`, 'é'.repeat(size), ','.repeat(size)];
    for (const claim of [...hostile, Array(size).fill(' '), [[], {}, { toString: 1 }]]) {
      const claims = { sub: 's', t: claim, groups: claim };
      const list = headersFor({ subject: 's', name: 'n', claims });
      assert.match(String(list[list.indexOf('X-Tier') + 1]), /^,*$/);
    }
  });

  test('a property of the prototype is not a claim', async (t) => {
    const other = await startApp(t, { config: { gate: { headers: { 'X-Odd': 'constructor' } } } });
    const browser = await other.signedIn();
    assert.equal((await browser.get('/auth/verify')).headers['x-odd'], '');
  });
});

test('the next request contains an edited profile', async (t) => {
  const own = await startApp(t, { config: { gate: { headers: { 'X-City': 'city' } } } });
  const browser = await own.signedIn();
  await browser.get('/auth/verify');
  const { location } = await browser.get('/auth/edit_profile');
  const claims = { city: 'Oslo' };
  await browser.get(await own.control.authorize(location, { as: 'alice@example.com', claims }));
  assert.equal((await browser.get('/auth/verify')).headers['x-city'], 'Oslo');
});

test('sign-out at any place ends access at the gate', async (t) => {
  const own = await startApp(t, { config: { gate: {} } });
  const browser = await own.signedIn();
  const other = await own.signedIn();
  assert.equal((await browser.get('/auth/verify')).status, 202);
  const cookie = `b2c-signin=${browser.cookies.get('b2c-signin')}`;
  await browser.post('/auth/sign_out');
  assert.equal((await own.browser().get('/auth/verify', { cookie })).status, 401);
  await (await own.signedIn()).post('/auth/sessions', { end: 'others' });
  assert.equal((await other.get('/auth/verify')).status, 401);
});

test('a cookie with a wrong signature, or a signature for another purpose, is not a session', async (t) => {
  const own = await startApp(t, { config: { gate: {} } });
  const browser = await own.signedIn();
  const good = String(browser.cookies.get('b2c-signin'));
  const logout = String(browser.cookies.get('b2c-signin-logout'));
  const flipped = good.slice(0, -1) + (good.endsWith('A') ? 'Q' : 'A');
  for (const value of ['', 'x', flipped, `${good}A`, logout, good.split('.')[0]]) {
    const { status } = await own.browser().get('/auth/verify', { cookie: `b2c-signin=${value}` });
    assert.equal(status, 401, value);
  }
});
