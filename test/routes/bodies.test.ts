import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sharedApp } from '../support/app.js';
import { openConnection } from '../support/raw-request.js';

describe('request bodies', () => {
  const started = sharedApp({ limits: { headersMs: 500, requestMs: 500, checkEveryMs: 50 } });

  const FORM = 'Content-Type: application/x-www-form-urlencoded';
  const CHUNKED = 'Transfer-Encoding: chunked';

  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const inChunks = (text: string) =>
    `${text
      .match(/.{1,4000}/g)
      ?.map(chunk)
      .join('')}0\r\n\r\n`;

  const many = (count: number) => Array.from({ length: count }, (_, i) => `f${i}=x`).join('&');

  /** Signs out with this body, over a separate connection. */
  async function signOutWith(headers: string[], body: string, drip?: string) {
    const app = started();
    const browser = await app.signedIn();
    const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`);
    const head = [
      'POST /auth/sign_out HTTP/1.1',
      'Host: localhost',
      `Origin: ${app.url}`,
      `Cookie: ${cookies.join('; ')}`,
      ...headers,
    ];
    const connection = openConnection(app.port, `${head.join('\r\n')}\r\n\r\n${body}`);
    if (drip) connection.drip(Array(1_000).fill(drip), 5);
    const answer = await connection.ended;
    const isSignedIn = (await browser.get('/auth/token_details')).status === 200;
    return { app, answer, isSignedIn };
  }

  describe('a body that is not a form of this site is rejected, and the connection closed:', () => {
    const long = `a=${'x'.repeat(20_000)}`;
    const length = (text: string) => `Content-Length: ${Buffer.byteLength(text)}`;
    const close = 'Connection: close';
    const zipped = gzipSync(Buffer.alloc(1_000_000)).toString('latin1');
    const gzip = ['Content-Encoding: gzip', `Content-Length: ${zipped.length}`, close];
    const rows: [string, string[], string, number][] = [
      [
        'a declared length that is too long, before the body arrives',
        [FORM, 'Content-Length: 999999999'],
        '',
        413,
      ],
      ['too long', [FORM, length(long)], long, 413],
      ['too long in chunks', [FORM, CHUNKED], inChunks(long), 413],
      ['100,000 fields', [FORM, CHUNKED], inChunks(many(100_000)), 413],
      [
        'text that looks like a form',
        ['Content-Type: text/plain', length('a=b'), close],
        'a=b',
        415,
      ],
      ['JSON', ['Content-Type: application/json', length('{}'), close], '{}', 415],
      ['a form with files', ['Content-Type: multipart/form-data', length('x'), close], 'x', 415],
      ['no content type', [length('a=b'), close], 'a=b', 415],
      [
        'a wrong content type with endless chunks',
        ['Content-Type: text/plain', CHUNKED],
        chunk('x'),
        415,
      ],
      ['gzip', [FORM, ...gzip], zipped, 415],
    ];
    for (const [name, headers, body, status] of rows) {
      test(`${name}: ${status}`, async () => {
        const { answer, isSignedIn } = await signOutWith(headers, body);
        assert.equal(answer.status, status, answer.text);
        assert.equal(answer.headers['connection'], 'close');
        assert.match(answer.headers['content-security-policy'] ?? '', /default-src 'none'/);
        assert.equal(isSignedIn, true);
      });
    }
    test('a form in endless chunks: 408', async () => {
      const { app, answer, isSignedIn } = await signOutWith([FORM, CHUNKED], '', chunk('x'));
      assert.equal(answer.status, 408);
      assert.equal(isSignedIn, true);
      while (app.log.of('request_failed').length === 0) await new Promise(setImmediate);
      assert.equal(app.log.of('request_failed')[0]?.['code'], 'bad_request');
    });
  });

  test('field names such as __proto__ have no effect', async () => {
    const body = '__proto__=x&constructor[prototype][x]=y&a[b][c][d]=z&toString=1';
    const headers = [FORM, `Content-Length: ${body.length}`, 'Connection: close'];
    const { answer, isSignedIn } = await signOutWith(headers, body);
    assert.equal(answer.status, 200);
    assert.equal(isSignedIn, false);
    assert.equal(({} as { x?: string }).x, undefined);
  });
});
