import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { findCookie, parseCookies } from '../../dist/http/cookies.js';

const requestWith = (cookie: string | undefined) => ({ headers: { cookie } }) as IncomingMessage;

test('a cookie is found by its name, not decoded, without spaces and tabs at the ends', () => {
  const request = requestWith('a=1;b2c=first%20value; b2c=second;\t c\t= \t3 = 4 ; ;d');
  assert.equal(findCookie(request, 'a'), '1');
  assert.equal(findCookie(request, 'b2c'), 'first%20value');
  assert.equal(findCookie(request, 'c'), '3 = 4');
  for (const missing of ['b2', 'b2c=first', 'd', '', 'A', ' b2c']) {
    assert.equal(findCookie(request, missing), undefined, missing);
  }
  assert.equal(findCookie(requestWith(undefined), 'a'), undefined);
  assert.equal(findCookie(requestWith(''), 'a'), undefined);
});

test('finding one cookie and parsing all of them agree on every header', () => {
  const part = fc.constantFrom('a', 'b', '=', ';', ' ', '\t', ',', '"', '\u00a0', '%41', 'aa');
  const header = fc.array(part, { maxLength: 24 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(header, (cookie) => {
      const request = requestWith(cookie);
      const parsed = parseCookies(request);
      for (const name of [...Object.keys(parsed), 'a', 'b', 'aa', '%41', 'a\u00a0']) {
        assert.equal(findCookie(request, name), parsed[name], JSON.stringify({ cookie, name }));
      }
    }),
    { numRuns: 20_000 },
  );
});
