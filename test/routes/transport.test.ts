import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { type RunningApp, sharedApp, startApp } from '../support/app.js';
import type { Answer } from '../support/browser.js';
import { emptyFolder } from '../support/folder.js';
import { rawRequest } from '../support/raw-request.js';

describe('every response', () => {
  const started = sharedApp();

  const ALWAYS = {
    'content-security-policy': /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    'x-content-type-options': /^nosniff$/,
    'x-frame-options': /^DENY$/,
    'referrer-policy': /^same-origin$/,
    'cross-origin-opener-policy': /^same-origin$/,
    'cross-origin-embedder-policy': /^require-corp$/,
    'cross-origin-resource-policy': /^same-origin$/,
    'permissions-policy': /camera=\(\)/,
  };

  function assertHeaders(headers: Record<string, unknown>, what: string) {
    for (const [name, expected] of Object.entries(ALWAYS)) {
      assert.match(String(headers[name] ?? ''), expected, `${what}: ${name}`);
    }
    for (const name of ['server', 'x-powered-by']) assert.equal(headers[name], undefined);
  }

  const raw = (app: RunningApp, bytes: string) => rawRequest(app.port, bytes);

  test('has the security headers, whatever its status', async () => {
    const app = started();
    const anonymous = app.browser();
    const signedIn = await app.signedIn();
    const answers = {
      'status page': await anonymous.get('/'),
      'claims page': await signedIn.get('/auth/token_details'),
      '401 page': await anonymous.get('/auth/token_details'),
      redirect: await anonymous.get('/auth/sign_in'),
      'bad callback': await anonymous.get('/auth/redirect?state=x'),
      'unknown path': await anonymous.get('/<script>alert(1)</script>'),
      'other method': await anonymous.send('PUT', '/'),
      'empty answer': await anonymous.send('HEAD', '/auth/sign_in'),
      'refused post': await anonymous.post(
        '/auth/sign_out',
        {},
        { 'sec-fetch-site': 'cross-site' },
      ),
      health: await anonymous.get('/healthz'),
      'sign-out': await signedIn.post('/auth/sign_out'),
    };
    for (const [what, { headers, body }] of Object.entries(answers)) {
      assertHeaders(headers, what);
      assert.equal(headers['cache-control'], 'no-store', what);
      assert.doesNotMatch(body, /<script>/, what);
      if (body) assert.match(String(headers['content-type']), /; charset=utf-8$/, what);
    }
    assert.equal(answers['other method'].headers['allow'], 'GET, HEAD');
  });

  test('the style sheet is immutable, under a name that changes with its content', async () => {
    const app = started();
    const browser = app.browser();
    const href =
      /<link rel="stylesheet" href="([^"]+)"/.exec((await browser.get('/')).body)?.[1] ?? '';
    assert.match(href, /^\/auth\/assets\/style-[0-9a-f]{12}\.css$/);
    const answer = await browser.get(href);
    assert.deepEqual(answer.setCookies, []);
    assert.equal(answer.headers['content-type'], 'text/css; charset=utf-8');
    assert.match(String(answer.headers['cache-control']), /immutable/);
    assertHeaders(answer.headers, 'style sheet');
  });

  describe('a request that reaches no route gets the headers too:', () => {
    const host = 'Host: localhost\r\n';
    const rows: [string, string, number][] = [
      ['a request that is not HTTP', 'nonsense\r\n\r\n', 400],
      [
        'two lengths',
        `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`,
        400,
      ],
      ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
      ['two hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`, 400],
      ['an invalid host', 'GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n', 400],
      ['HTTP/1.0 without a host', 'GET / HTTP/1.0\r\n\r\n', 400],
      [
        'an unknown transfer encoding',
        `POST / HTTP/1.1\r\n${host}Transfer-Encoding: x\r\n\r\n`,
        400,
      ],
      [
        'a declared body of a gigabyte',
        `GET / HTTP/1.1\r\n${host}Content-Length: 1000000000\r\n\r\n`,
        413,
      ],
      ['an unknown expectation', `GET / HTTP/1.1\r\n${host}Expect: x\r\n\r\n`, 417],
      ['a header of 20 kB', `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ];
    for (const [name, bytes, status] of rows) {
      test(name, async () => {
        const app = started();
        const answer = await raw(app, bytes);
        assert.equal(answer.status, status);
        assertHeaders(answer.headers, name);
        assert.equal((await app.browser().get('/healthz')).status, 200);
      });
    }
  });

  describe('an ambiguous request target is a 400:', () => {
    for (const target of [
      '//evil.example/x',
      '/\\evil.example',
      'http://evil.example/',
      '*',
      '/a#b',
      '//',
    ]) {
      test(target, async () => {
        const app = started();
        const method = target === '*' ? 'OPTIONS' : 'GET';
        const answer = await raw(
          app,
          `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        );
        assert.equal(answer.status, 400);
        assertHeaders(answer.headers, target);
        assert.doesNotMatch(answer.text, /evil/);
      });
    }
  });

  test('unusual spellings of paths are a 404', async () => {
    const app = started();
    for (const path of [
      '/..',
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%5c..%5cwindows',
      '/auth/assets/../../config.json',
      '/auth/assets/%2e%2e%2fserver.js',
      '/auth/assets/',
      '/%00',
      '/auth/sign_in%00',
      '/auth/sign_in;x',
      '/auth/sign_in;jsessionid=1',
      '/auth//sign_in',
      '/auth/%73ign_in',
      '/auth/sign_in/',
      '/__proto__',
      '/constructor',
    ]) {
      const answer = await raw(app, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.headers['location'], undefined);
    }
  });

  describe('the Host header does not change the redirect URI:', () => {
    for (const host of ['[::1]', '[::1]:3000', 'localhost.', 'LOCALHOST:80', '127.0.0.1:65535']) {
      test(host, async () => {
        const app = started();
        const head = `GET /auth/sign_in HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
        const { status, headers } = await raw(app, head);
        assert.equal(status, 302);
        const { searchParams } = new URL(headers['location'] ?? '');
        assert.equal(searchParams.get('redirect_uri'), `${app.url}/auth/redirect`);
      });
    }
  });

  test('Upgrade, HTTP/1.0 and QUERY change nothing', async () => {
    const app = started();
    const upgrade = 'Host: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n';
    assert.equal((await raw(app, `GET / HTTP/1.1\r\n${upgrade}\r\n`)).status, 200);
    const old = await raw(app, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n');
    assert.equal(old.status, 200);
    assert.equal(old.headers['connection'], 'close');
    const query = await raw(app, 'QUERY / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.equal(query.status, 405);
    assert.equal(query.headers['allow'], 'GET, HEAD');
  });

  test('unused methods are a 405 on every path, known or unknown', async () => {
    const app = started();
    const browser = await app.signedIn();
    for (const path of ['/', '/auth/token_details', '/auth/sign_out', '/healthz', '/nowhere']) {
      for (const method of ['TRACE', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'PURGE']) {
        const answer = await browser.send(method, path, { 'x-secret': 'not to be echoed' });
        assert.equal(answer.status, 405, `${method} ${path}`);
        assert.match(String(answer.headers['allow']), /^GET, HEAD/);
        assert.doesNotMatch(answer.body, /not to be echoed/);
        assertHeaders(answer.headers, `${method} ${path}`);
      }
    }
    assert.equal((await browser.send('POST', '/nowhere')).status, 404);
    const override = { 'x-http-method-override': 'POST', 'x-method-override': 'POST' };
    assert.equal((await browser.get('/auth/sign_out?_method=POST', override)).status, 200);
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  test('if the error page fails to render, the response is a bare 500 with the headers, and the server continues', async (t) => {
    const folder = emptyFolder(t);
    writeFileSync(path.join(folder, 'error.eta'), '<% throw new Error("faulty template") %>');
    const app = await startApp(t, { config: { templates: folder } });
    for (const target of ['/nowhere', '/auth/redirect']) {
      const answer = await app.browser().get(target);
      assert.equal(answer.status, 500, target);
      assert.equal(answer.body, '');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assertHeaders(answer.headers, target);
    }
    assert.equal((await app.browser().get('/healthz')).status, 200);
  });

  /** The parts of a response that are the same each time. */
  const stable = ({ status, headers, body }: Answer) => ({
    status,
    body: body.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'correlation id'),
    headers: {
      ...headers,
      date: '',
      'set-cookie': undefined,
      location: String(headers['location']).replace(
        /(state|nonce|code_challenge)=[\w-]{43}/g,
        '$1',
      ),
    },
  });

  test('no request header changes a URL or any other byte of a response', async () => {
    const app = started();
    const signedIn = await app.signedIn();
    const hostile = {
      host: 'evil.example',
      'x-host': 'evil.example',
      'x-http-host-override': 'evil.example',
      'x-original-host': 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-server': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-ssl': 'on',
      'x-forwarded-port': '1337',
      'x-forwarded-prefix': '/evil',
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-original-url': '/auth/token_details',
      'x-rewrite-url': '/auth/token_details',
      forwarded: 'for=127.0.0.1;host=evil.example;proto=https',
    };
    for (const path of ['/', '/auth/token_details', '/auth/sign_in', '/auth/me', '/nowhere']) {
      for (const browser of [signedIn, app.browser()]) {
        const plain = stable(await browser.get(path));
        for (const [name, value] of Object.entries(hostile)) {
          const answer = stable(await browser.get(path, { [name]: value }));
          assert.deepEqual(answer, plain, `${path} ${name}`);
        }
        assert.deepEqual(stable(await browser.get(path, hostile)), plain, path);
      }
    }
  });

  test('a user’s page is not served under a name that looks like a file', async () => {
    const app = started();
    const browser = await app.signedIn();
    const ends = ['/a.css', ';a.css', '%2fa.css', '/..%2fa.css', '.css', '/', '%00.css', '%23.css'];
    for (const end of [...ends, '%3fa.css', '/assets/style.css']) {
      const { status, headers, body } = await browser.get(`/auth/token_details${end}`);
      assert.equal(status, 404, end);
      assert.equal(headers['cache-control'], 'no-store', end);
      assert.doesNotMatch(body, /example\.com/, end);
    }
  });

  test('hostile cookies give no session and no failure', async () => {
    const app = started();
    const rows = [
      '%zz',
      '"',
      '=',
      ';;;',
      '__proto__=1',
      'constructor=1; toString=1',
      'b2c-signin',
      'b2c-signin=',
    ];
    const many = Array.from({ length: 500 }, (_, i) => `c${i}=x`).join('; ');
    const attempts = Array.from(
      { length: 60 },
      (_, i) => `b2c-attempt-${i}=zz.${'x'.repeat(20)}`,
    ).join('; ');
    for (const cookie of [...rows, many, attempts, 'b2c-signin=a; b2c-signin=b']) {
      const browser = app.browser();
      assert.equal((await browser.get('/', { cookie })).status, 200, cookie.slice(0, 40));
      assert.equal((await browser.get('/auth/token_details', { cookie })).status, 401);
      assert.equal((await browser.get('/auth/sign_in', { cookie })).status, 302);
      assert.equal((await browser.get('/auth/redirect?state=x&code=y', { cookie })).status, 400);
    }
  });

  test('over HTTPS, cookies have the __Host- prefix and Secure, and responses have HSTS', async (t) => {
    const app = await startApp(t, { config: { baseUrl: 'https://app.example' } });
    const answer = await app.browser().get('/auth/sign_in');
    assert.match(
      answer.setCookies[0] ?? '',
      /^__Host-b2c-attempt-.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
    assert.equal(
      new URL(answer.location).searchParams.get('redirect_uri'),
      'https://app.example/auth/redirect',
    );
  });
});
