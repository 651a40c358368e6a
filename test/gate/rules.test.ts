// Rules by path. Each of these tricks has opened another gate.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type StartOptions, startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { fileScope } from '../support/redis.js';

const HOST = 'https://app.example.com';
const gate = {
  rules: [
    { path: '/public', allow: 'everyone' },
    { path: '/admin/help', allow: 'signed-in' },
    { path: '/admin', claims: { extension_Role: ['admin', 'owner'] } },
    { path: '/büro', claims: { extension_Role: ['admin'] } },
    { path: '/', allow: 'signed-in' },
  ],
};

const scope = fileScope() as unknown as Parameters<typeof startApp>[0];
const app = await startApp(scope, { config: { gate } });
const anonymous = app.browser();
const bob = await app.signedIn('bob@example.com');
const admin = app.browser();
await signInAs(admin, { extension_Role: ['guest', 'admin'] });

async function signInAs(browser: Browser, claims: Record<string, unknown>) {
  const { location } = await browser.get('/auth/sign_in');
  const callback = await app.control.authorize(location, { as: 'alice@example.com', claims });
  assert.equal((await browser.get(callback)).status, 303);
}

const ask = async (browser: Browser, path: string, headers: Record<string, string> = {}) =>
  (await browser.get('/auth/verify', { 'x-original-url': `${HOST}${path}`, ...headers })).status;

describe('the first rule whose path contains the requested path decides', () => {
  const rows: [path: string, anonymous: number, user: number, admin: number][] = [
    ['/public', 202, 202, 202],
    ['/public/', 202, 202, 202],
    ['/public/a/b.css?v=1', 202, 202, 202],
    ['/publicity', 401, 202, 202],
    ['/public-notes', 401, 202, 202],
    ['/other', 401, 202, 202],
    ['/', 401, 202, 202],
    ['/admin', 401, 403, 202],
    ['/admin/', 401, 403, 202],
    ['/admin?x=1', 401, 403, 202],
    ['/admin/users', 401, 403, 202],
    ['/admin/help', 401, 202, 202],
    ['/admin/help/1', 401, 202, 202],
    ['/admin/helpers', 401, 403, 202],
    ['/administrators', 401, 202, 202],
    ['/admin-tools', 401, 202, 202],
    ['/b%C3%BCro/1', 401, 403, 202],
    ['/a%20b/%F0%9F%98%80/c@d:e', 401, 202, 202],
    ['/search?q=/public&next=https://app.example.com//admin/../x%2f', 401, 202, 202],
    ['/https:/a', 401, 202, 202],
  ];
  for (const [path, ...expected] of rows) {
    test(`${path}: ${expected.join(', ')} for no user, a user and an administrator`, async () => {
      const statuses = [anonymous, bob, admin].map((browser) => ask(browser, path));
      assert.deepEqual(await Promise.all(statuses), expected);
    });
  }
});

describe('an ambiguous path is denied to every user', () => {
  const rows: [name: string, ...paths: string[]][] = [
    ['an encoded slash', '/public%2f..%2fadmin', '/public/a%2Fb', '/public/..%2fadmin'],
    ['an encoded backslash', '/public%5c..%5cadmin', '/public/a%5Cb'],
    ['a backslash', '/public\\..\\admin', '/public/a\\b'],
    ['dots', '/public/../admin', '/public/./a', '/public/..', '/public/.', '/..;/admin'],
    ['encoded dots', '/public/%2e%2e/admin', '/public/.%2e/admin', '/public/%2E'],
    ['dots or spaces at the end of a segment', '/admin.', '/admin%20', '/public/.../admin'],
    ['a double encoding', '/public/%252e%252e/admin', '/%2561dmin', '/public/100%25'],
    ['an encoded letter or digit', '/%61dmin', '/p%75blic', '/public/%31'],
    ['two slashes', '//admin', '/public//admin', '/public//'],
    ['a parameter', '/public;/../admin', '/admin;x=1', '/public/a;b', '/public%3b/admin'],
    ['a control character', '/public/%00', '/public%0a/admin', '/public/%7f', '/public/%c2%85'],
    ['invalid UTF-8', '/public/%ff', '/public/%c0%af', '/public/%ed%a0%80', '/public/%e2%82'],
    ['an incomplete escape', '/public/%', '/public/%2', '/public/%zz'],
    ['a fragment', '/public#/admin', '/public/a#b', '/public%23/admin'],
    ['an encoded question mark', '/public%3f/admin', '/admin%3Fpublic'],
    ['another form of slash or dot', '/public%EF%BC%8F..%EF%BC%8Fadmin', '/public/%E2%80%A5/admin'],
    ['an invisible character', '/public/.%E2%80%8B./admin', '/ad%C2%ADmin'],
    ['whitespace', '/public /admin', '/public\t/admin'],
  ];
  for (const [name, ...paths] of rows) {
    test(`${name}: ${paths.join(' ')}`, async () => {
      for (const path of paths) {
        for (const browser of [anonymous, bob, admin]) {
          assert.equal(await ask(browser, path), 403, path);
        }
      }
    });
  }

  test('a malformed path', async () => {
    for (const url of [
      '',
      'public',
      'https://app.example.com',
      '*',
      'ftp://app.example.com/public',
    ]) {
      const { status } = await admin.get('/auth/verify', { 'x-original-url': url });
      assert.equal(status, 403, url);
    }
  });

  test('a path that nearly matches a rule', async () => {
    const paths = [
      '/Admin',
      '/ADMIN/users',
      '/admin.json',
      '/admin:x',
      '/admin,',
      '/admin+',
      '/admin!',
      '/old/app.aspx/Admin/users',
      '/_next/data/b1/Admin.json',
    ];
    const kindred = ['/%EF%BD%81dmin', '/a%64min', '/B%C3%9CRO', '/bu%CC%88ro', '/adm%C4%B1n'];
    for (const path of [...paths, ...kindred]) {
      for (const browser of [anonymous, bob, admin]) {
        assert.equal(await ask(browser, path), 403, path);
      }
    }
  });
});

test('the query is never part of the path', async () => {
  assert.equal(await ask(anonymous, '/admin?/public'), 401);
  assert.equal(await ask(anonymous, '/other?x=/public'), 401);
  assert.equal(await ask(bob, '/admin?/public/'), 403);
});

test('a path that is open to everyone is case-sensitive', async () => {
  assert.equal(await ask(anonymous, '/Public'), 401);
  assert.equal(await ask(bob, '/Public'), 202);
});

test('no User-Agent is allowed without a session', async () => {
  for (const agent of ['kube-probe/1.29', 'GoogleHC/1.0', 'ELB-HealthChecker/2.0']) {
    assert.equal(await ask(anonymous, '/other', { 'user-agent': agent }), 401);
  }
});

test('with rules and without an original path, every request is denied', async () => {
  for (const browser of [anonymous, bob, admin]) {
    assert.equal((await browser.get('/auth/verify')).status, 403);
    assert.equal(
      (await browser.get('/auth/verify', { 'x-forwarded-host': 'a.example' })).status,
      403,
    );
    assert.equal((await browser.get('/auth/forward')).status, 403);
  }
});

test('an invalid escape does not affect the next request', async () => {
  assert.equal(await ask(bob, '/%E0%A4%A'), 403);
  assert.equal(await ask(bob, '/other'), 202);
});

describe('without rules', () => {
  const options: StartOptions = { config: { gate: {} } };

  test('every signed-in user is allowed, for every path and from every client', async (t) => {
    const open = await startApp(t, options);
    const browser = await open.signedIn();
    assert.equal((await browser.get('/auth/verify')).status, 202);
    assert.equal((await browser.get('/oauth2/auth')).status, 202);
    assert.equal((await browser.get('/auth/verify', { 'x-original-url': '/a%2f;b' })).status, 202);
    assert.equal((await open.browser().get('/auth/verify')).status, 401);
  });

  test('every method gets the same response', async (t) => {
    const open = await startApp(t, options);
    const browser = await open.signedIn();
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      assert.equal((await browser.send(method, '/auth/verify')).status, 202, method);
      assert.equal((await open.browser().send(method, '/auth/verify')).status, 401, method);
    }
  });
});

test('without gate, its routes do not exist', async (t) => {
  const plain = await startApp(t);
  const browser = await plain.signedIn();
  for (const path of [
    '/auth/verify',
    '/auth/forward',
    '/oauth2/auth',
    '/oauth2/start',
    '/auth/assertion_keys',
  ]) {
    assert.equal((await browser.get(path)).status, 404, path);
  }
});
