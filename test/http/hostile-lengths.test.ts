// Regular expressions that read input from outside take time in proportion to its length. The timeout is a
// bound against hanging: with 200,000 characters, a quadratic expression would take minutes.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { createDecide } from '../../dist/gate/decision.js';
import { createFindHeaderAlias } from '../../dist/gate/header-aliases.js';
import { normalizePath } from '../../dist/gate/normalized-path.js';
import { findCookie } from '../../dist/http/cookies.js';
import { checkFraming, isHost } from '../../dist/http/framing.js';
import { parseLocalPath } from '../../dist/http/local-path.js';
import { createOriginalRequestReader } from '../../dist/http/original-request.js';
import { isUnambiguousTarget } from '../../dist/http/request.js';
import { createParseReturnTarget } from '../../dist/http/return-target.js';
import { parseTraceId } from '../../dist/http/trace-context.js';

const LENGTH = 200_000;
const HOSTILE = [
  ...['/', '.', ' ', '-', ':', '0', 'a', '%', '%2e', '/.', '/a.php', '/index', '/(S(', '/(S(x))'],
  ...[
    'a.',
    'a-',
    '/_next/data/x',
    '/page-data',
    'é',
    'à',
    '\u0300',
    '~',
    'x_',
    'https://a',
    '\\',
    ',',
    ...[';', '=', 'a=;', ' =;'],
  ],
].flatMap((piece) => {
  const text = piece.repeat(LENGTH / piece.length);
  return [
    text,
    `/${text}`,
    `x-${text}`,
    `${text}!`,
    `https://a.example/${text}`,
    `/admin${text}\n`,
  ];
});

const rules = [
  { path: '/admin', claims: { role: ['admin'] } },
  { path: '/a', allow: 'everyone' },
];
const decide = createDecide({ rules: rules as never, assertion: false });
const { findOriginalRequest } = createOriginalRequestReader(() => true);
const findAlias = createFindHeaderAlias(['X-Tier']);
const parseReturnTarget = createParseReturnTarget({
  baseUrl: new URL('https://login.example.com'),
  allowedHosts: ['app.example.com', '*.apps.example.com'],
});
const requestWith = (headers: Record<string, string>) =>
  ({ headers, method: 'GET', url: '/auth/verify' }) as unknown as IncomingMessage;

const readers: Record<string, (text: string) => unknown> = {
  'the path of the original request': (text) => normalizePath(text),
  'rules by path': (uri) => decide(undefined, { kind: 'known', method: 'GET', host: 'a', uri }),
  'headers of the original request': (text) =>
    [
      findOriginalRequest(requestWith({ 'x-original-url': text })),
      findOriginalRequest(requestWith({ 'x-forwarded-uri': '/', 'x-forwarded-host': text })),
      findOriginalRequest(requestWith({ 'x-forwarded-uri': '/', 'x-forwarded-method': text })),
    ].length,
  'names of headers': (text) => findAlias([text, '']),
  'a cookie': (text) => [findCookie(requestWith({ cookie: text }), 'a')].length,
  'a request target': (text) => isUnambiguousTarget(text),
  'a host': (text) => isHost(text),
  'raw headers': (text) => checkFraming({ rawHeaders: ['Host', text], httpVersion: '1.1' }, 1),
  'a return path': (text) => parseLocalPath(text),
  'a return URL': (text) => parseReturnTarget(text),
  'a trace ID': (text) => parseTraceId(requestWith({ traceparent: text })),
};

describe('input of 200,000 characters is read without hanging:', () => {
  for (const [name, read] of Object.entries(readers)) {
    test(name, { timeout: 60_000 }, () => {
      for (const text of HOSTILE) assert.doesNotThrow(() => read(text), text.slice(0, 20));
    });
  }
});
