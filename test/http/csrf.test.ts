import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { requireSameOrigin } from '../../dist/http/csrf.js';

const OWN = 'https://app.example';
const check = (headers: Record<string, string>) =>
  requireSameOrigin({ headers } as unknown as IncomingMessage, OWN);

describe('a form post passes when the browser vouches for it', () => {
  const rows: [string, Record<string, string>][] = [
    ['by both headers', { origin: OWN, 'sec-fetch-site': 'same-origin' }],
    ['by Origin alone, from an old browser', { origin: OWN }],
    ['by Sec-Fetch-Site alone', { 'sec-fetch-site': 'same-origin' }],
    ['from a page under no-referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ];
  for (const [name, headers] of rows) test(name, () => check(headers));
});

describe('a form post is refused', () => {
  const rows: [string, Record<string, string>][] = [
    ['without any word of the browser', {}],
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from a sibling host', { origin: 'https://x.app.example', 'sec-fetch-site': 'same-site' }],
    ['from a longer host of the same beginning', { origin: 'https://app.example.evil.example' }],
    ['from the same host on another port', { origin: 'https://app.example:8443' }],
    ['from the same host over plain http', { origin: 'http://app.example' }],
    ['from a sandboxed frame', { origin: 'null' }],
    ['from a sandboxed frame of another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['typed in by hand', { 'sec-fetch-site': 'none' }],
    [
      'when Origin fits and Sec-Fetch-Site objects',
      { origin: OWN, 'sec-fetch-site': 'cross-site' },
    ],
    [
      'when Sec-Fetch-Site fits and Origin objects',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
  ];
  for (const [name, headers] of rows) {
    test(name, () => assert.throws(() => check(headers), { code: 'csrf_refused' }));
  }
});
