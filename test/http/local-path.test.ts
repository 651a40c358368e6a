import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseLocalPath } from '../../dist/http/local-path.js';

const HOSTILE: Record<string, string[]> = {
  'mixed slashes and backslashes': [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    '//\\evil.example',
    '/\\\\evil.example/a',
  ],
  'control characters that browsers drop': [
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r/evil.example',
    '/\u0000/evil.example',
    '\t//evil.example',
    '/\t\\evil.example',
    '/\u000b/evil.example',
    '/a\r\nSet-Cookie: a=b',
    '/\u007f/evil.example',
  ],
  'absolute and scheme-relative URLs': [
    'https://evil.example',
    'http:evil.example',
    'https:/evil.example',
    'https:evil.example',
    '//user@evil.example',
    '//evil.example:443/',
    '//2130706433/',
    '//[::1]/',
  ],
  'other schemes': [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:http://here.invalid/x',
    'file:///etc/passwd',
  ],
  'dot segments that normalize to two slashes': [
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/./\\evil.example',
    '/%2e//evil.example',
    '/%2e%2e//evil.example',
    '/a/%2E%2E//evil.example',
  ],
  'values without a leading slash': [
    'foo',
    '?next=//evil',
    '#//evil',
    '@evil.example',
    '.evil.example',
    ' /a',
    '\uff0f\uff0fevil.example',
  ],
  'empty and very long values': ['', `/${'a'.repeat(2048)}`, `/${'日'.repeat(700)}`],
};

describe('a return path that could leave the site is rejected', () => {
  for (const [family, values] of Object.entries(HOSTILE)) {
    test(family, () => {
      for (const value of values) {
        assert.equal(parseLocalPath(value), undefined, JSON.stringify(value));
      }
    });
  }
  test('a missing value', () => {
    assert.equal(parseLocalPath(null), undefined);
    assert.equal(parseLocalPath(undefined), undefined);
  });
});

describe('a valid return path is kept', () => {
  const rows: [name: string, value: string, kept?: string][] = [
    ['with a URL in its query', '/path?x=https://evil.example/'],
    ['with a URL in its path', '/https://evil.example'],
    ['with escapes, byte for byte', '/a%20b?q=%E6%97%A5'],
    ['with two slashes inside', '/a//b'],
    ['without its fragment', '/a#b', '/a'],
    ['with other letters percent-encoded', '/日本', '/%E6%97%A5%E6%9C%AC'],
    ['with escapes that do not decode', '/%00/%ff/%zz'],
    ['with a lone surrogate replaced', '/\ud800', '/%EF%BF%BD'],
    ['with its dot segments resolved', '/a/../b', '/b'],
  ];
  for (const [name, value, kept = value] of rows) {
    test(name, () => assert.equal(parseLocalPath(value), kept));
  }
});

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...['/', '\\', '.', '..', '%2e', '%2f', '%5c', '\t', '\n', '@', ':', '?', '#', '//', 'http:'],
      ...['evil.example', 'javascript:', '\u0000', '\uff0f', '[', ']', ' ', '%'],
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
  { maxLength: 12 },
);

test('a browser that follows the result stays on the site', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      for (const value of [parts.join(''), `/${parts.join('')}`]) {
        const path = parseLocalPath(value);
        if (path === undefined) continue;
        assert.match(path, /^\/(?![/\\])[\u0021-\u007e]*$/);
        for (const base of ['https://app.example', 'http://localhost:3000/auth/redirect?code=1']) {
          assert.equal(new URL(path, base).origin, new URL(base).origin);
        }
        // Parsed again, as it comes back in a cookie, it is still the same path.
        assert.equal(parseLocalPath(path), path);
      }
    }),
    { numRuns: 20_000 },
  );
});
