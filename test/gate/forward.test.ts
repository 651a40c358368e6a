// `/auth/forward`, with the requests that Traefik, Caddy and Envoy send.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RunningApp, startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { fileScope } from '../support/redis.js';

const gate = {
  envoy: true,
  allowedHosts: ['app.example.com', 'app.example.com:8443', '*.apps.example.com'],
  rules: [
    { path: '/public', allow: 'everyone' },
    { path: '/admin', claims: { extension_Role: ['admin'] } },
  ],
};
const app = await startApp(fileScope() as unknown as Parameters<typeof startApp>[0], {
  config: { gate },
});
const signIn = (returnTo: string) =>
  `${app.url}/auth/sign_in?return_to=${encodeURIComponent(returnTo)}`;

interface Original {
  method?: string;
  host?: string;
  uri: string;
  headers?: Record<string, string>;
}

/** The request of each proxy to the gate, for a request of a browser. */
const PROXIES: Record<
  string,
  (browser: Browser, original: Required<Original>) => ReturnType<Browser['get']>
> = {
  // Traefik 2 and 3: a GET request with the client's headers except hop-by-hop headers, and these.
  Traefik: (browser, { method, host, uri, headers }) =>
    browser.get('/auth/forward', {
      ...headers,
      'accept-encoding': 'gzip',
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-host': host,
      'x-forwarded-method': method,
      'x-forwarded-port': '443',
      'x-forwarded-proto': headers['sec-fetch-mode'] === 'websocket' ? 'wss' : 'https',
      'x-forwarded-server': '1f3c5d7e9b2a',
      'x-forwarded-uri': uri,
      'x-real-ip': '198.51.100.7',
    }),
  // Caddy 2: a GET request with the client's headers and host.
  Caddy: (browser, { method, host, uri, headers }) =>
    browser.get('/auth/forward', {
      ...headers,
      host,
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-host': host,
      'x-forwarded-method': method,
      'x-forwarded-proto': 'https',
      'x-forwarded-uri': uri,
    }),
  // Envoy's ext_authz: the original method, host and path, with a prefix and no body.
  Envoy: (browser, { method, host, uri, headers }) =>
    browser.send(method, `/auth/forward${uri}`, {
      ...headers,
      host,
      'content-length': '0',
      'x-envoy-internal': 'true',
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-proto': 'https',
    }),
};

const SCRIPT = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

for (const [proxy, send] of Object.entries(PROXIES)) {
  const ask = (browser: Browser, original: Original) =>
    send(browser, { method: 'GET', host: 'app.example.com', headers: {}, ...original });

  describe(`the gate behind ${proxy}`, () => {
    test('redirects an unauthenticated page navigation to sign-in, which returns to the same URL', async () => {
      const answer = await ask(app.browser(), { uri: '/a/b%20c?x=1&y=%2F&x=2' });
      assert.equal(answer.status, 302);
      assert.equal(answer.location, signIn('http://app.example.com/a/b%20c?x=1&y=%2F&x=2'));
      assert.equal(answer.body, '');
    });

    test('returns 401 with signInUrl for an unauthenticated API request', async () => {
      const requests: [string, Record<string, string>][] = [
        ['GET', SCRIPT],
        ['POST', SCRIPT],
        ['POST', {}],
        ['GET', { 'sec-fetch-mode': '', 'x-requested-with': 'XMLHttpRequest' }],
        ['GET', { 'x-requested-with': 'XMLHttpRequest' }],
        ['GET', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
        ['GET', { 'sec-fetch-mode': 'websocket', 'sec-fetch-dest': 'websocket' }],
      ];
      for (const [method, headers] of requests) {
        const answer = await ask(app.browser(), { method, uri: '/data', headers });
        assert.equal(answer.status, 401, JSON.stringify(headers));
        assert.equal(answer.location, '');
        const body = { signedIn: false, signInUrl: `${app.url}/auth/sign_in` };
        assert.deepEqual(JSON.parse(answer.body), body);
      }
    });

    test('returns 200 and the user for a signed-in user', async () => {
      const browser = await app.signedIn();
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await ask(browser, { method, uri: '/x', headers: SCRIPT });
        assert.equal(answer.status, 200);
        assert.match(String(answer.headers['x-auth-request-user']), /^[0-9a-f-]{36}$/);
        assert.equal(answer.headers['x-auth-request-email'], 'alice@example.com');
      }
    });

    test('decides a POST request of another site by the session', async () => {
      const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://other.example' };
      const post = { method: 'POST', uri: '/x', headers };
      assert.equal((await ask(await app.signedIn(), post)).status, 200);
      assert.equal((await ask(app.browser(), post)).status, 401);
    });

    test('returns 200 without a user for a path that is open to everyone', async () => {
      const answer = await ask(app.browser(), { uri: '/public/style.css' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-auth-request-user'], '');
    });

    test('returns a 403 page, or JSON for an API request, if a claim is missing', async () => {
      const browser = await app.signedIn('bob@example.com');
      const page = await ask(browser, { uri: '/admin/x' });
      assert.equal(page.status, 403);
      assert.match(page.body, /Your account has no access/);
      assert.doesNotMatch(page.body, /extension_Role/);
      const headers = { ...SCRIPT, accept: 'application/json' };
      const script = await ask(browser, { uri: '/admin/x', headers });
      assert.equal(script.status, 403);
      assert.equal(JSON.parse(script.body).error, 'not_allowed');
    });

    test('returns 403 for an ambiguous path', async () => {
      const browser = await app.signedIn();
      for (const uri of [
        '/public%2f..%2fadmin',
        '/public/%2e%2e/admin',
        '/public;/admin',
        '//admin',
      ]) {
        assert.equal((await ask(browser, { uri })).status, 403, uri);
      }
    });

    test('returns 403 if a header of the client names another path', async () => {
      const headers =
        proxy === 'Envoy' ? { 'x-forwarded-uri': '/public' } : { 'x-original-url': '/public' };
      assert.equal((await ask(app.browser(), { uri: '/x', headers })).status, 403);
    });

    test('redirects to sign-in for allowed hosts only', async () => {
      for (const host of ['app.example.com:8443', 'a.apps.example.com', 'b.a.apps.example.com']) {
        const { location } = await ask(app.browser(), { host, uri: '/x' });
        assert.equal(location, signIn(`http://${host}/x`));
      }
      const others = [
        'example.com',
        'xapp.example.com',
        'app.example.com.evil.example',
        'apps.example.com',
      ];
      for (const host of [
        ...others,
        'evilapps.example.com',
        'app.example.com:81',
        'app.example.com.',
      ]) {
        const answer = await ask(app.browser(), { host, uri: '/x' });
        assert.equal(answer.status, 403, host);
        assert.doesNotMatch(answer.body, /evil/);
      }
    });

    test('uses a return path for the host of baseUrl', async () => {
      const { location } = await ask(app.browser(), {
        host: `localhost:${app.port}`,
        uri: '/x?y=1',
      });
      assert.equal(location, signIn('/x?y=1'));
    });

    test('uses the start page of the host for a URL that is too long', async () => {
      const { location } = await ask(app.browser(), { uri: `/${'x'.repeat(3000)}` });
      assert.equal(location, signIn('http://app.example.com/'));
    });
  });
}

test('a request of a browser without a proxy is not redirected', async (t) => {
  const own: RunningApp = await startApp(t, { config: { gate: {} } });
  assert.equal((await own.browser().get('/auth/forward')).status, 403);
  assert.equal((await own.browser().get('/auth/forward', SCRIPT)).status, 401);
  assert.equal((await (await own.signedIn()).get('/auth/forward')).status, 200);
});

test('the log names the rule and the claim of a denied request, and its path only at debug', async (t) => {
  const own = await startApp(t, { config: { gate } });
  await own.browser().get('/auth/verify', { 'x-original-url': '/a/b?token=1' });
  await own.browser().get('/auth/verify', { 'x-original-url': '/a/%2e?token=1' });
  const headers = { 'x-forwarded-uri': '/c?token=1', 'x-forwarded-host': 'app.example.com' };
  await own.browser().get('/auth/forward', headers);
  const admin = { ...headers, 'x-forwarded-uri': '/admin' };
  await (await own.signedIn()).get('/auth/forward', admin);
  const users = [
    { extension_Role: 'a-secret-role' },
    { extension_Role: 'System.Collections.Generic.List`1[System.String]' },
  ];
  for (const claims of users) {
    await (await own.signedIn('bob@example.com', claims)).get('/auth/forward', admin);
  }
  const lines = own.log.of('gate_denied').map(({ time: _, ...fields }) => fields);
  const denied = { level: 30, msg: 'gate_denied' };
  const pleaseSignIn = { ...denied, level: 20, code: 'not_signed_in' };
  const refused = { ...denied, status: 403, code: 'not_allowed' };
  const byRule = { ...refused, rule: '/admin', claim: 'extension_Role' };
  assert.deepEqual(lines.slice(0, -1), [
    { ...pleaseSignIn, status: 401 },
    {
      ...{ ...denied, status: 403, code: 'original_request_ambiguous' },
      detail: 'the path can be read in two ways',
    },
    { ...pleaseSignIn, status: 302 },
    { ...byRule, detail: 'the user has no such claim' },
    { ...byRule, detail: 'the claim has none of the values in the rule' },
  ]);
  const { detail, advice, ...lost } = lines.at(-1) ?? {};
  assert.deepEqual(lost, byRule);
  assert.match(String(detail), /the session of B2C lost the list/);
  assert.match(String(advice), /read the list again after single sign-on/);
  const [warning, ...more] = own.log.of('claim_unreadable');
  assert.deepEqual(more, []);
  assert.deepEqual([warning?.['level'], warning?.['claim']], [40, 'extension_Role']);
  assert.doesNotMatch(own.log.lines.join(), /a-secret-role|List`1/);
  const paths = own.log.of('gate_denied_path').map(({ level, path }) => [level, path]);
  assert.deepEqual(paths, [
    [20, '/a/b'],
    [20, '/a/%2e'],
    [20, '/c'],
    [20, '/admin'],
    [20, '/admin'],
    [20, '/admin'],
  ]);
});
