import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { emptyFolder } from '../support/folder.js';
import { rawRequest } from '../support/raw-request.js';

/** The headers of every response; HTTPS adds one. */
const ALWAYS = {
  'content-security-policy':
    "default-src 'none'; script-src OURS; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; " +
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};
const ON_HTTPS = { 'strict-transport-security': 'max-age=31536000' };

/** The only other headers: those that describe the response, and those that Node.js adds. */
const ALLOWED =
  /^(cache-control|vary|content-type|content-language|content-length|location|allow|retry-after|set-cookie|clear-site-data|date|connection|keep-alive)$/;

type Headers = Record<string, string | string[] | undefined>;

const CERTIFICATE = createCertificate();

async function start(t: TestContext, https: boolean, config: Record<string, unknown> = {}) {
  const app = await startApp(t, { config, ...(https ? { certificate: CERTIFICATE } : {}) });
  const raw = (bytes: string) =>
    rawRequest(Number(new URL(app.url).port), bytes, https ? CERTIFICATE : {});
  return { app, raw };
}

type Started = Awaited<ReturnType<typeof start>>;
type Got = Promise<{ status: number; headers: Headers }>;
type Row = [status: number, name: string, request: (started: Started, browser: Browser) => Got];

const FORM = '/auth/sessions';
const TEXT = { 'content-type': 'text/plain' };
const HOST = 'Host: localhost\r\n';
const CLOSE = `${HOST}Connection: close\r\n\r\n`;

const callback = async ({ app }: Started, browser: Browser) => {
  const { location } = await browser.get('/auth/sign_in');
  return app.control.authorize(location, { as: 'alice@example.com' });
};

const ROWS: Row[] = [
  [200, 'a page', (_, browser) => browser.get('/')],
  [200, 'health', (_, browser) => browser.get('/healthz')],
  [302, 'a redirect to the provider', (_, browser) => browser.get('/auth/sign_in')],
  [303, 'a sign-in', async (given, browser) => browser.get(await callback(given, browser))],
  [400, 'a bad callback', (_, browser) => browser.get('/auth/redirect?code=x')],
  [400, 'an ambiguous target', ({ raw }) => raw(`GET //x HTTP/1.1\r\n${CLOSE}`)],
  [400, 'two hosts', ({ raw }) => raw(`GET / HTTP/1.1\r\n${HOST}${CLOSE}`)],
  [400, 'a request that is not HTTP', ({ raw }) => raw('nonsense\r\n\r\n')],
  [401, 'a page of the user', (_, browser) => browser.get('/auth/token_details')],
  [403, 'a POST without a session', (_, browser) => browser.send('POST', '/auth/sign_out')],
  [
    403,
    'a frame of another site',
    (_, browser) =>
      browser.get('/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }),
  ],
  [
    200,
    'a reader of another origin',
    (_, browser) => browser.get('/', { origin: 'https://a.example' }),
  ],
  [200, 'a reader without an origin', (_, browser) => browser.get('/healthz', { origin: 'null' })],
  [
    405,
    'a preflight',
    (_, browser) =>
      browser.send('OPTIONS', '/auth/me', {
        origin: 'https://a.example',
        'access-control-request-method': 'GET',
      }),
  ],
  [404, 'an unknown path', (_, browser) => browser.get('/nowhere')],
  [405, 'another method', (_, browser) => browser.send('PUT', '/')],
  [405, 'another method on an unknown path', (_, browser) => browser.send('TRACE', '/nowhere')],
  [413, 'a form that is too long', (_, browser) => browser.post(FORM, { x: 'x'.repeat(20_000) })],
  [415, 'a POST that is not a form', (_, browser) => browser.post(FORM, {}, TEXT)],
  [417, 'an unknown expectation', ({ raw }) => raw(`GET / HTTP/1.1\r\nExpect: x\r\n${CLOSE}`)],
  [
    431,
    'a header that is too long',
    ({ raw }) => raw(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${CLOSE}`),
  ],
  [
    431,
    'too many headers',
    ({ raw }) => raw(`GET / HTTP/1.1\r\n${'X: x\r\n'.repeat(200)}${CLOSE}`),
  ],
  [
    502,
    'an invalid response of the provider',
    async (given, browser) => {
      const url = await callback(given, browser);
      await given.app.control.fault('wrong_audience', { times: 1 });
      return browser.get(url);
    },
  ],
];

/** The URL of the one allowed script changes with its content. */
const withoutOrigin = ([name, value]: [string, Headers[string]]): [string, Headers[string]] => [
  name,
  String(value).replace(
    /script-src https?:\/\/localhost:\d+\/auth\/assets\/page-[0-9a-f]{12}\.js;/,
    'script-src OURS;',
  ),
];

function assertHeaderSet(headers: Headers, https: boolean, what: string): void {
  const expected = { ...ALWAYS, ...(https ? ON_HTTPS : {}) };
  const rest = Object.entries(headers).filter(([name]) => !ALLOWED.test(name));
  assert.deepEqual(
    Object.fromEntries(rest.map(withoutOrigin).sort()),
    Object.fromEntries(Object.entries(expected).sort()),
    what,
  );
  assert.equal(headers['cache-control'], 'no-store', what);
}

for (const https of [false, true]) {
  describe(`exactly the same headers over HTTP${https ? 'S' : ''} with`, () => {
    test('each status that a client can cause', async (t) => {
      const given = await start(t, https);
      for (const [status, name, request] of ROWS) {
        const answer = await request(given, given.app.browser());
        assert.equal(answer.status, status, name);
        assertHeaderSet(answer.headers, https, name);
      }
      assert.equal((await given.app.browser().get('/healthz')).status, 200);
    });
    test('a 503 without a provider', async (t) => {
      const authority = 'http://127.0.0.1:9/nowhere.onmicrosoft.com';
      const { app } = await start(t, https, { tenant: { authority } });
      for (const target of ['/auth/sign_in', '/readyz']) {
        const answer = await app.browser().get(target);
        assert.equal(answer.status, 503);
        assertHeaderSet(answer.headers, https, target);
      }
    });
    test('a 500 because the error page fails to render', async (t) => {
      const templates = emptyFolder(t);
      writeFileSync(path.join(templates, 'error.eta'), '<% throw new Error("faulty") %>');
      const { app } = await start(t, https, { templates });
      const answer = await app.browser().get('/nowhere');
      assert.equal(answer.status, 500);
      assertHeaderSet(answer.headers, https, '500');
    });
  });
}
