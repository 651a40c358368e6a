import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RunningApp, sharedApp } from '../support/app.js';
import { DOCUMENTED_PATHS } from '../support/documented-paths.js';
import { rawRequest } from '../support/raw-request.js';

describe('cross-site request forgery', () => {
  const started = sharedApp();

  const FORM = 'application/x-www-form-urlencoded';
  // A form of another site can send this with `enctype="text/plain"`, and a script without a preflight.
  const TEXT = 'text/plain';

  interface Post {
    headers: string[];
    type?: string;
    query?: string;
    body?: string;
  }

  const EVIL = 'Origin: https://evil.example';
  const CROSS = 'Sec-Fetch-Site: cross-site';

  const HOSTILE: [string, (own: string) => Post][] = [
    ['without Origin and Sec-Fetch-Site', () => ({ headers: [] })],
    ['with only a referrer of this site', (own) => ({ headers: [`Referer: ${own}/`] })],
    ['from another site', () => ({ headers: [EVIL, CROSS] })],
    ['from another site, with Origin only', () => ({ headers: [EVIL] })],
    ['from another site, with Sec-Fetch-Site only', () => ({ headers: [CROSS] })],
    ['from a frame that hides its origin', () => ({ headers: ['Origin: null'] })],
    ['from a frame of another site', () => ({ headers: ['Origin: null', CROSS] })],
    ['from a sibling host', () => ({ headers: ['Sec-Fetch-Site: same-site'] })],
    ['from another port', () => ({ headers: ['Origin: http://localhost:1'] })],
    [
      'from the same host over HTTPS',
      (own) => ({ headers: [`Origin: ${own.replace('p', 'ps')}`] }),
    ],
    ['with Sec-Fetch-Site: none', () => ({ headers: ['Sec-Fetch-Site: none'] })],
    [
      'with an Origin that lists both',
      (own) => ({ headers: [`Origin: ${own}, https://evil.example`] }),
    ],
    ['with two Origins', (own) => ({ headers: [EVIL, `Origin: ${own}`] })],
    ['as text that looks like a form', () => ({ headers: [EVIL, CROSS], type: TEXT, body: 'a=b' })],
    [
      'with an invented token',
      () => ({ headers: [EVIL], query: '?csrf=x&_csrf=x', body: 'csrf=x' }),
    ],
    ['as XMLHttpRequest', () => ({ headers: [EVIL, CROSS, 'X-Requested-With: XMLHttpRequest'] })],
  ];

  async function setUp(app: RunningApp) {
    const browser = await app.signedIn();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const post = (path: string, { headers, type = FORM, query = '', body = '' }: Post) =>
      rawRequest(
        Number(new URL(app.url).port),
        [
          `POST ${path}${query} HTTP/1.1`,
          ...['Host: localhost', 'Connection: close', `Cookie: ${cookie}`],
          ...[`Content-Type: ${type}`, `Content-Length: ${body.length}`, ...headers],
          `\r\n${body}`,
        ].join('\r\n'),
      );
    const postable: string[] = [];
    for (const path of DOCUMENTED_PATHS) {
      const { headers } = await browser.send('PUT', path);
      // A tenant of this kind has no back-channel logout.
      const exists = (await browser.get(path)).status !== 404;
      if (exists && /POST/.test(String(headers['allow']))) postable.push(path);
    }
    const alive = async () => (await browser.get('/auth/token_details')).status === 200;
    return { app, browser, post, postable, alive };
  }

  describe('a POST that was not sent by a page of this site changes nothing, on any route', () => {
    for (const [name, postOf] of HOSTILE) {
      test(name, async () => {
        const { app, post, postable, alive } = await setUp(started());
        assert.ok(postable.includes('/auth/sign_out'), postable.join());
        for (const path of postable) {
          const { status, headers } = await post(path, postOf(app.url));
          assert.equal(status, 403, path);
          assert.equal(headers['set-cookie'], undefined, path);
          assert.ok(await alive(), path);
        }
        assert.equal(app.log.of('csrf_refused').length, postable.length);
      });
    }
  });

  test('no method override turns another method into a POST', async () => {
    const { browser, postable, alive } = await setUp(started());
    const names = ['x-http-method-override', 'x-http-method', 'x-method-override'];
    for (const path of postable) {
      for (const name of names) {
        await browser.get(`${path}?_method=POST`, { [name]: 'POST' });
        assert.equal((await browser.send('PUT', path, { [name]: 'POST' })).status, 405);
      }
      for (const method of ['HEAD', 'OPTIONS', 'DELETE']) await browser.send(method, path);
      assert.ok(await alive(), path);
    }
  });

  test('the form of this site is accepted with any fields', async () => {
    const { app, post, alive } = await setUp(started());
    const headers = [`Origin: ${app.url}`, 'Sec-Fetch-Site: same-origin'];
    const { status } = await post('/auth/sign_out', { headers, body: '_method=GET&x=y' });
    assert.equal(status, 200);
    assert.equal(await alive(), false);
  });
});
