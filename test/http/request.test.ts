import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { parseForm, parseQuery, requirePath, singleValue } from '../../dist/http/request.js';

const target = (url: string) => ({ url }) as IncomingMessage;

const post = (body: string, headers: Record<string, string> = {}) =>
  Object.assign(Readable.from([Buffer.from(body)]), {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  }) as unknown as IncomingMessage;

test('the path of a target is the part before the query, not decoded', () => {
  assert.equal(requirePath(target('/a%20b/c?x=/y?z')), '/a%20b/c');
  assert.equal(requirePath(target('/')), '/');
});

describe('a target that parsers read differently is rejected', () => {
  const rows = ['//evil.example/x', '/\\evil', 'http://evil/x', '*', '', '/a#b', '/a\\b', '/a b'];
  for (const url of [...rows, '/\u00e9', '/a\u0000', '//']) {
    test(JSON.stringify(url), () => {
      assert.throws(() => requirePath(target(url)), { code: 'bad_request' });
    });
  }
});

test('a parameter has a value if it occurs exactly once', () => {
  const query = parseQuery(target('/?a=1&b=2&b=2&c='));
  assert.equal(singleValue(query, 'a'), '1');
  assert.equal(singleValue(query, 'b'), undefined);
  assert.equal(singleValue(query, 'c'), '');
  assert.equal(singleValue(query, 'd'), undefined);
  assert.equal(parseQuery(target('/a')).size, 0);
});

test('a form is read for every case and parameter of its content type', async () => {
  const type = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' };
  assert.equal((await parseForm(post('a=1&b=%20', type))).get('b'), ' ');
});

test('a body with another content type is not a form', async () => {
  for (const type of ['text/plain', 'multipart/form-data', '']) {
    await assert.rejects(parseForm(post('a=1', { 'content-type': type })), {
      code: 'unsupported_media_type',
    });
  }
});

test('a body above the limit is rejected by its declared and by its actual length', async () => {
  const limit = { maxBytes: 10 };
  await assert.rejects(parseForm(post('', { 'content-length': '11' }), limit), {
    code: 'body_too_large',
  });
  await assert.rejects(parseForm(post('a'.repeat(11)), limit), { code: 'body_too_large' });
  assert.equal((await parseForm(post('a'.repeat(10)), limit)).size, 1);
});

test('fields that a parser has nested are left out, and others are read', async () => {
  const parsed = {
    body: { end: { toString: 'x' }, list: ['a', { b: 1 }, 'c'], text: 'x', none: null },
    readableDidRead: true,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  } as unknown as IncomingMessage;
  const form = await parseForm(parsed);
  assert.deepEqual(
    [...form],
    [
      ['list', 'a'],
      ['list', 'c'],
      ['text', 'x'],
    ],
  );
});
