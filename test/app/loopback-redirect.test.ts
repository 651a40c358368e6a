// Requests with another loopback name than the one in baseUrl.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountApp, type RunningApp, startApp } from '../support/app.js';
import { createBrowser } from '../support/browser.js';
import { rawRequest } from '../support/raw-request.js';

/** The lines of a request, without those of the connection. */
interface Asked {
  host: string;
  method?: string;
  headers?: string[];
}

const ask = (app: RunningApp, path: string, { host, method = 'GET', headers = [] }: Asked) =>
  rawRequest(
    app.port,
    [`${method} ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', ''].join(
      '\r\n',
    ),
  );

test('a sign-in that starts at 127.0.0.1 ends at localhost', async (t) => {
  const app = await startApp(t);
  const there = createBrowser(`http://127.0.0.1:${app.port}`);
  const { status, location } = await there.get('/auth/sign_in?return_to=/auth/token_details');
  assert.equal(status, 302);
  assert.equal(location, `${app.url}/auth/sign_in?return_to=/auth/token_details`);
  const browser = app.browser();
  const begun = await browser.get(location);
  const back = await app.control.authorize(begun.location, { as: 'alice@example.com' });
  const end = await browser.get(back);
  assert.equal(end.status, 303);
  assert.match((await browser.get(end.location)).body, /Alice Example/);
});

test('pages and sign-ins redirect from other loopback names of the same port to baseUrl', async (t) => {
  const app = await startApp(t);
  for (const path of ['/', '/?a=1', '/sign_in_status', '/auth/token_details', '/auth/edit_profile'])
    for (const name of ['127.0.0.1', '[::1]']) {
      const { status, headers } = await ask(app, path, { host: `${name}:${app.port}` });
      assert.equal(status, 302, name);
      assert.equal(headers['location'], `${app.url}${path}`);
    }
});

test('other requests are not redirected', async (t) => {
  const app = await startApp(t, { config: { gate: {} } });
  const other = `127.0.0.1:${app.port}`;
  const rows: [string, string, Asked][] = [
    ['its own name', '/', { host: `localhost:${app.port}` }],
    ['its own name at another port', '/', { host: 'localhost:1' }],
    ['another name at another port', '/', { host: '127.0.0.1:1' }],
    ['a name that is not loopback', '/', { host: `mallory.example:${app.port}` }],
    ['one that only begins so', '/', { host: `127.0.0.1.mallory.example:${app.port}` }],
    ['an address of the network', '/', { host: `192.168.0.1:${app.port}` }],
    ['the question of health', '/healthz', { host: other }],
    ['a question of a gate', '/auth/forward', { host: other }],
    ['a post', '/auth/sign_out', { host: other, method: 'POST' }],
    ['what scripts ask', '/auth/me', { host: other }],
    ...['Forwarded: host=localhost', 'X-Forwarded-For: ::1', 'X-Forwarded-Host: localhost'].map(
      (line): [string, string, Asked] => [line, '/', { host: other, headers: [line] }],
    ),
  ];
  for (const [what, path, asked] of rows) {
    const { headers, status } = await ask(app, path, asked);
    assert.ok(status >= 200 && status < 500, `${what}: ${status}`);
    if (path === '/') assert.equal(status, 200, what);
    assert.ok(!headers['location']?.startsWith(`${app.url}${path}`), what);
  }
});

test('with baseUrl at 127.0.0.1, localhost redirects there, without a loop', async (t) => {
  const port = 3000;
  const app = await startApp(t, { config: { baseUrl: `http://127.0.0.1:${port}` } });
  const { headers } = await ask(app, '/', { host: `localhost:${port}` });
  assert.equal(headers['location'], `http://127.0.0.1:${port}/`);
  assert.equal((await ask(app, '/', { host: `127.0.0.1:${port}` })).status, 200);
});

test('with a public baseUrl nothing is redirected', async (t) => {
  const app = await startApp(t, { config: { baseUrl: 'https://app.example.com' } });
  for (const host of ['127.0.0.1', 'localhost', 'localhost:443', 'app.example.com:1']) {
    assert.equal((await ask(app, '/', { host })).status, 200);
  }
});

test('a sign-in through the middleware also starts at the name of baseUrl', async (t) => {
  const app = await mountApp(t, async (_app, _request, response) => {
    response.end('own page');
  });
  const host = `127.0.0.1:${app.port}`;
  const { status, headers } = await ask(app, '/auth/sign_in', { host });
  assert.equal(status, 302);
  assert.equal(headers['location'], `${app.url}/auth/sign_in`);
  assert.match((await ask(app, '/', { host })).text, /own page/);
});
