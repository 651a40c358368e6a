// No input of a client gives a session, reaches the provider or makes the server fail.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type RunningApp, sharedApp } from '../support/app.js';
import { rawRequest } from '../support/raw-request.js';

describe('any input', () => {
  const started = sharedApp();

  const RUNS = { numRuns: 150 };

  const get = (app: RunningApp, target: string, headers = '') =>
    rawRequest(
      app.port,
      `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`,
    );

  /** The pieces, mixed with any bytes that a header can contain. */
  const bytesWith = (...pieces: string[]) =>
    fc
      .array(
        fc.oneof(
          fc.constantFrom(...pieces),
          fc.string({ unit: 'binary-ascii', maxLength: 6 }),
          fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join('').replace(/[\r\n]/g, ''));

  async function begin(app: RunningApp) {
    const browser = app.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = new URL(await app.control.authorize(location, { as: 'alice@example.com' }));
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { cookie, state: callback.searchParams.get('state') ?? '', callback };
  }

  async function assertGoodSignIn(app: RunningApp) {
    const browser = await app.signedIn();
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  }

  test('any cookies', async () => {
    const app = started();
    const real = (await app.signedIn()).cookies.get('b2c-signin') ?? '';
    const { cookie, state } = await begin(app);
    const cookies = bytesWith(
      ...[
        'b2c-signin=',
        'b2c-attempt-',
        `b2c-attempt-${state.slice(0, 11)}=`,
        '__Host-b2c-signin=',
      ],
      ...['=', ';', '; ', '"', '%', '.', ',', '__proto__=', 'constructor=', 'a=b'],
      ...[real.slice(0, 43), real.slice(44), real.slice(0, -1), `${real}x`, cookie.slice(40)],
    ).filter((bytes) => !bytes.includes(real));
    await fc.assert(
      fc.asyncProperty(cookies, async (bytes) => {
        const header = `Cookie: ${bytes}\r\n`;
        const rows: [string, number][] = [
          ['/auth/token_details', 401],
          ['/auth/sign_in', 302],
          [`/auth/redirect?state=${state}&code=x`, 400],
        ];
        for (const [target, status] of rows) {
          const answer = await get(app, target, header);
          // Node.js rejects control characters.
          assert.ok([status, 400].includes(answer.status), `${target}: ${answer.text}`);
          assert.doesNotMatch(answer.text, /Set-Cookie: b2c-signin=/i);
        }
      }),
      RUNS,
    );
    assert.equal(await app.control.count('token'), 1);
    await assertGoodSignIn(app);
  });

  const queryOver = (...values: string[]) => {
    const name = fc.oneof(
      fc.constantFrom('state', 'code', 'error', 'error_description', 'iss', 'code[]', '__proto__'),
      fc.string({ maxLength: 5 }),
    );
    const value = fc.oneof(
      fc.constantFrom('', 'denied', 'AADB2C90118: x', 'AADB2C90091: x', ...values),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const plain = fc.array(fc.tuple(name, value), { maxLength: 6 });
    const encoded = plain.map((pairs) => new URLSearchParams(pairs).toString());
    return fc.oneof(encoded, fc.webQueryParameters(), bytesWith('&', '=', '%', 'state=', 'code='));
  };

  // Truncated or ambiguous request targets have a separate test.
  const asTarget = (query: string) =>
    `/auth/redirect?${query.replace(/[^!-~]|[#\\]/g, encodeURIComponent('\u00e9'))}`;

  test('any callback in a browser without that attempt', async () => {
    const app = started();
    const { cookie, state } = await begin(app);
    const queries = queryOver(
      state.slice(0, -1),
      `${state.slice(0, 11)}${'A'.repeat(32)}`,
      `${state}x`,
    );
    await fc.assert(
      fc.asyncProperty(queries, fc.boolean(), async (query, withCookie) => {
        const target = asTarget(query);
        const { status, text } = await get(app, target, withCookie ? `Cookie: ${cookie}\r\n` : '');
        assert.equal(status, 400, text);
        assert.doesNotMatch(text, /Set-Cookie: b2c-signin=/i);
      }),
      RUNS,
    );
    assert.equal(await app.control.count('token'), 0);
    await assertGoodSignIn(app);
  });

  test('any other parameters in the callback of an attempt', async () => {
    const app = started();
    let tokenCalls = 0;
    await fc.assert(
      fc.asyncProperty(queryOver(), async (query) => {
        const { cookie, state } = await begin(app);
        const target = `${asTarget(query)}&state=${state}`;
        const { status, text } = await get(app, target, `Cookie: ${cookie}\r\n`);
        // 502: the tenant cannot read the code (AADB2C90085), which it also reports for a broken policy.
        assert.ok([303, 400, 403, 502].includes(status), text);
        assert.doesNotMatch(text, /Set-Cookie: b2c-signin=/i);
        const parameters = new URL(target, app.url).searchParams;
        if (parameters.get('code') && !parameters.has('error')) tokenCalls += 1;
      }),
      { numRuns: 100 },
    );
    const calls = await app.control.count('token');
    assert.ok(calls <= tokenCalls, `${calls} token calls for ${tokenCalls} codes`);
    await assertGoodSignIn(app);
  });

  test('any request target', async () => {
    const app = started();
    const targets = fc.oneof(
      bytesWith(
        ...[
          '/',
          '//',
          '\\',
          '?',
          '#',
          '%',
          '%00',
          '%2e',
          '..',
          ';',
          '*',
          'http://evil.example',
          ':',
        ],
        ...['/auth/', 'sign_in', 'redirect', 'token_details', 'return_to=', '&', '=', '@', ' '],
      ),
      fc.webUrl(),
      fc.webPath(),
    );
    const own = ['/', '/auth/post_sign_out'];
    await fc.assert(
      fc.asyncProperty(targets, async (target) => {
        for (const full of [target, `/${target}`, `/auth/sign_in?return_to=${target}`]) {
          const { status, headers, text } = await get(app, full);
          assert.ok([200, 302, 400, 401, 404, 405].includes(status), `${full}: ${text}`);
          const location = headers['location'];
          if (location === undefined || own.includes(location)) continue;
          assert.equal(new URL(location).origin, new URL(app.emulator.url).origin, full);
        }
      }),
      RUNS,
    );
    await assertGoodSignIn(app);
  });
});
