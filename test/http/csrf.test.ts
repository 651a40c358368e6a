import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { requireSameOrigin } from '../../dist/http/csrf.js';

const OWN = 'https://app.example';
const check = (headers: Record<string, string>) =>
  requireSameOrigin({ headers } as unknown as IncomingMessage, OWN);

describe('a form is accepted if the browser states that this site sent it', () => {
  const rows: [string, Record<string, string>][] = [
    ['by both headers', { origin: OWN, 'sec-fetch-site': 'same-origin' }],
    ['by Origin alone, from an old browser', { origin: OWN }],
    ['by Sec-Fetch-Site alone', { 'sec-fetch-site': 'same-origin' }],
    ['from a page with no-referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ];
  for (const [name, headers] of rows) test(name, () => check(headers));
});

describe('a form is rejected', () => {
  const rows: [string, Record<string, string>][] = [
    ['without a header of the browser', {}],
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from a sibling host', { origin: 'https://x.app.example', 'sec-fetch-site': 'same-site' }],
    ['from a longer host with the same beginning', { origin: 'https://app.example.evil.example' }],
    ['from the same host on another port', { origin: 'https://app.example:8443' }],
    ['from the same host over HTTP', { origin: 'http://app.example' }],
    ['from a sandboxed frame', { origin: 'null' }],
    ['from a sandboxed frame of another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['from the address bar', { 'sec-fetch-site': 'none' }],
    [
      'if Origin matches and Sec-Fetch-Site does not',
      { origin: OWN, 'sec-fetch-site': 'cross-site' },
    ],
    [
      'if Sec-Fetch-Site matches and Origin does not',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
  ];
  for (const [name, headers] of rows) {
    test(name, () => assert.throws(() => check(headers), { code: 'csrf_refused' }));
  }
});
