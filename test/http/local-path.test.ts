import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseLocalPath } from '../../dist/http/local-path.js';

const HOSTILE: Record<string, string[]> = {
  'slashes and backslashes in any mix': [
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
  'absolute and scheme-relative addresses': [
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
  'dot segments that normalise to two slashes': [
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/./\\evil.example',
    '/%2e//evil.example',
    '/%2e%2e//evil.example',
    '/a/%2E%2E//evil.example',
  ],
  'what does not begin with a slash': [
    'foo',
    '?next=//evil',
    '#//evil',
    '@evil.example',
    '.evil.example',
    ' /a',
    '\uff0f\uff0fevil.example',
  ],
  'nothing at all, or too much': ['', `/${'a'.repeat(2048)}`, `/${'日'.repeat(700)}`],
};

describe('a return path that could leave the site is refused', () => {
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

describe('an honest return path is kept', () => {
  const rows: [name: string, value: string, kept?: string][] = [
    ['with an address in its query', '/path?x=https://evil.example/'],
    ['with an address in its path', '/https://evil.example'],
    ['with escapes, byte for byte', '/a%20b?q=%E6%97%A5'],
    ['with a second pair of slashes later on', '/a//b'],
    ['without its fragment', '/a#b', '/a'],
    ['with other letters percent-encoded', '/日本', '/%E6%97%A5%E6%9C%AC'],
    ['with escapes that decode to nothing good', '/%00/%ff/%zz'],
    ['with a lone surrogate made harmless', '/\ud800', '/%EF%BF%BD'],
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

test('wherever a browser follows what comes out, it stays on the site', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      for (const value of [parts.join(''), `/${parts.join('')}`]) {
        const path = parseLocalPath(value);
        if (path === undefined) continue;
        assert.match(path, /^\/(?![/\\])[\u0021-\u007e]*$/);
        for (const base of ['https://app.example', 'http://localhost:3000/auth/redirect?code=1']) {
          assert.equal(new URL(path, base).origin, new URL(base).origin);
        }
        // Handed in again, as a cookie brings it back, it is still the same path.
        assert.equal(parseLocalPath(path), path);
      }
    }),
    { numRuns: 20_000 },
  );
});
