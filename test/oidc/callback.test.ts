// Hostile and unusual token responses and authorization responses, over HTTP.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  assertAccepted,
  assertAlive,
  assertRejected,
  assertVerdict,
  sharedCase,
  startCase,
  type Verdict,
  visit,
} from '../support/check-result.js';
import {
  type Faults,
  type FaultyProvider,
  type Json,
  sendJson,
  startFaultyProvider,
  type Wire,
} from '../support/faulty-provider.js';
import { openConnection } from '../support/raw-request.js';

const TIMEOUT_MS = 1_000;
const BOMB = gzipSync(' '.repeat(20_000_000), { level: 1 });
const JSON_TYPE = { 'content-type': 'application/json' };

const drip =
  (text: (body: string) => string, everyMs: number): Wire =>
  (response, body) => {
    response.writeHead(200, JSON_TYPE);
    let sent = 0;
    const timer = setInterval(() => response.write(text(body)[sent++] ?? ' '), everyMs);
    response.on('close', () => clearInterval(timer));
  };
const withStatus =
  (status: number, headers = {}): Wire =>
  (response, body) =>
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);
const instead =
  (body: string): Wire =>
  (response) =>
    sendJson(response, body);
const error =
  (status: number, body: Json, headers = {}): Wire =>
  (response) =>
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));

describe('the token endpoint responds once with', () => {
  const rows: [name: string, status: number, wire: Wire][] = [
    ['a right body and status 201', 502, withStatus(201)],
    ['status 204', 502, (response) => response.writeHead(204).end()],
    ['a right body and status 500', 503, withStatus(500)],
    ['status 503 and Retry-After', 503, withStatus(503, { 'retry-after': '120' })],
    ['status 429 and Retry-After', 503, withStatus(429, { 'retry-after': '86400' })],
    ['a redirect', 502, withStatus(302, { location: '/elsewhere' })],
    ['an empty body', 502, instead('')],
    ['null', 502, instead('null')],
    ['a list', 502, instead('[{}]')],
    ['a JSON string', 502, instead('"ok"')],
    ['an empty object', 502, instead('{}')],
    ['half of the body', 502, (response, body) => sendJson(response, body.slice(0, -10))],
    ['a body inside 20,000 lists', 502, instead('['.repeat(20_000) + ']'.repeat(20_000))],
    ['a page', 502, (response) => response.setHeader('content-type', 'text/html').end('<html>')],
    [
      'a right body as a page',
      502,
      (response, body) => response.setHeader('content-type', 'text/html').end(body),
    ],
    ['a right body without a type', 502, (response, body) => response.end(body)],
    ['a byte order mark', 502, (response, body) => sendJson(response, `\ufeff${body}`)],
    [
      'UTF-16',
      502,
      (response, body) =>
        response
          .writeHead(200, { 'content-type': 'application/json; charset=utf-16' })
          .end(Buffer.from(body, 'utf16le')),
    ],
    ['10 MB', 502, (response, body) => sendJson(response, body + ' '.repeat(10_000_000))],
    [
      'a right body in gzip',
      502,
      (response, body) =>
        response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipSync(body)),
    ],
    [
      '20 MB in gzip',
      502,
      (response) => response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(BOMB),
    ],
    [
      'a body in brotli in gzip',
      502,
      (response, body) =>
        response
          .writeHead(200, { ...JSON_TYPE, 'content-encoding': 'br, gzip' })
          .end(gzipSync(brotliCompressSync(body))),
    ],
    [
      'headers of 40 kB',
      503,
      (response, body) => sendJson(response.setHeader('x-long', 'x'.repeat(40_000)), body),
    ],
    ['a reset before any byte', 503, (response) => response.destroy()],
    [
      'a reset in the middle',
      503,
      (response, body) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-length': body.length });
        response.write(body.slice(0, 100), () => response.destroy());
      },
    ],
    ['no response', 503, () => {}],
    ['headers and no body', 503, (response) => response.writeHead(200, JSON_TYPE).flushHeaders()],
    ['a body that arrives byte by byte', 503, drip((body) => body, 30)],
    ['endless whitespace', 503, drip(() => '', 10)],
    [
      'an error that is a page',
      502,
      (response) => response.writeHead(400, { 'content-type': 'text/html' }).end('marker-page'),
    ],
    ['an error that is a number', 502, error(400, { error: 7 })],
    [
      'invalid_grant',
      400,
      error(400, { error: 'invalid_grant', error_description: 'marker-words' }),
    ],
    [
      'invalid_client',
      502,
      error(400, { error: 'invalid_client', error_description: 'marker-words' }),
    ],
    [
      'a challenge for other client authentication',
      502,
      error(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="marker-realm"' }),
    ],
    ['an error named like a member of every object', 502, error(400, { error: 'constructor' })],
    ['an error named __proto__', 502, error(400, { error: '__proto__' })],
    ['an error of 100 kB', 502, error(400, { error: 'x'.repeat(100_000) })],
  ];
  const impatient = sharedCase({ providerTimeoutMs: TIMEOUT_MS });
  // On a busy machine, rows that do not test the time limit can run into it too.
  const patient = sharedCase({ providerTimeoutMs: 4 * TIMEOUT_MS });
  for (const [name, status, token] of rows) {
    test(`${name}: ${status}`, async () => {
      const given = status === 503 ? impatient() : patient();
      given.provider.faults = { wire: { token } };
      const { answer } = await assertVerdict(given, 'reject');
      assert.equal(answer.status, status);
      assert.equal(answer.headers['retry-after'], status === 503 ? '5' : undefined);
      assert.equal(given.provider.counts.token, 1, 'the code was sent again');
      assert.equal(given.provider.counts.other, 0);
      await assertAlive(given);
    });
  }

  test('no connection, because no server listens: 503', async (t) => {
    const given = await startCase(t);
    const browser = given.browser();
    const { location } = await browser.get('/auth/sign_in');
    const callback = given.provider.authorize(location);
    given.provider.stop();
    const answer = await browser.get(callback);
    await assertRejected(given, { browser, authorizationUrl: location, callback, answer });
    assert.equal(answer.status, 503);
    assert.equal((await browser.get('/healthz')).status, 200);
  });
});

describe('a redirect to another host is not followed by', () => {
  for (const endpoint of ['discovery', 'keys', 'token'] as const) {
    for (const status of [301, 302, 303, 307, 308]) {
      test(`the ${endpoint} request with ${status}`, async (t) => {
        const elsewhere = await startFaultyProvider(t);
        const given = await startCase(t, {
          faults: () => ({
            wire: { [endpoint]: withStatus(status, { location: `${elsewhere.origin}/x` }) },
          }),
        });
        await assertRejected(given, await visit(given));
        assert.equal(elsewhere.counts.other, 0);
        assert.equal(given.provider.counts.other, 0);
        await assertAlive(given);
      });
    }
  }
});

describe('a token response', () => {
  const says = (more: Json) => (): Faults => ({ token: (right) => ({ ...right, ...more }) });
  const rows: [name: string, verdict: Verdict, faults: (provider: FaultyProvider) => Faults][] = [
    ['of type BEARER', 'accept', says({ token_type: 'BEARER' })],
    ['of no type', 'reject', says({ token_type: undefined })],
    ['of type mac', 'reject', says({ token_type: 'mac' })],
    ['of type DPoP, which was not requested', 'reject', says({ token_type: 'DPoP' })],
    ['of a type that is a list', 'reject', says({ token_type: ['Bearer'] })],
    ['without an access token', 'reject', says({ access_token: undefined })],
    ['with an empty access token', 'reject', says({ access_token: '' })],
    ['with a number as refresh token', 'reject', says({ refresh_token: 7 })],
    ['without a refresh token', 'accept', says({ refresh_token: undefined })],
    ['with scopes as a list', 'reject', says({ scope: ['openid'] })],
    ['that expires in an hour, as a string', 'accept', says({ expires_in: '3600' })],
    ['that expires at once', 'accept', says({ expires_in: 0 })],
    ['that has expired', 'reject', says({ expires_in: -1 })],
    ['that expires in 30,000 years', 'accept', says({ expires_in: 1e12 })],
    ['that expires at no valid date', 'accept', says({ expires_in: 1e300 })],
    ['that expires at "abc"', 'reject', says({ expires_in: 'abc' })],
    ['that expires at null', 'reject', says({ expires_in: null })],
    ['that expires at an object', 'reject', says({ expires_in: {} })],
    [
      'with the additional members of B2C',
      'accept',
      says({
        id_token_expires_in: 3600,
        not_before: 1,
        refresh_token_expires_in: 1209600,
        profile_info: 'x',
        __proto__: null,
      }),
    ],
    [
      'with every member twice',
      'accept',
      () => ({
        wire: {
          token: (response, body) =>
            sendJson(response, body.replace('{', '{"id_token":"x","access_token":7,')),
        },
      }),
    ],
    [
      'with a bad second ID token',
      'reject',
      () => ({
        wire: {
          token: (response, body) => sendJson(response, body.replace(/}$/, ',"id_token":"x"}')),
        },
      }),
    ],
  ];
  const shared = sharedCase();
  for (const [name, verdict, faults] of rows) {
    test(`${name}: ${verdict}`, async () => {
      const given = shared();
      given.provider.faults = faults(given.provider);
      const { browser } = await assertVerdict(given, verdict);
      if (verdict === 'accept') {
        // The session works with any lifetime of the access token, and sends no more requests.
        const { counts } = given.provider;
        for (let i = 0; i < 5; i += 1) assert.equal((await browser.get('/auth/me')).status, 200);
        assert.equal(counts.token, 1);
      }
      await assertAlive(given);
    });
  }
});

describe('an authorization response', () => {
  const back = (change: (parameters: URLSearchParams) => void) => (): Faults => ({
    callback: change,
  });
  const adds = (name: string, value: string) =>
    back((parameters) => parameters.append(name, value));
  const BEFORE = 'reject before the wire';
  const rows: [name: string, verdict: Verdict, faults: () => Faults][] = [
    ['with an ID token', BEFORE, adds('id_token', 'x')],
    ['with a token', BEFORE, adds('token', 'x')],
    ['signed as a whole (JARM)', BEFORE, adds('response', 'x')],
    ['with code and error', BEFORE, adds('error', 'server_error')],
    [
      'with code, "Cancel" and a wrong state',
      BEFORE,
      back((parameters) => {
        parameters.set('state', 'x'.repeat(43));
        parameters.set('error', 'access_denied');
        parameters.set('error_description', 'AADB2C90091: The user has cancelled.');
      }),
    ],
    [
      'with its issuer twice',
      BEFORE,
      back((parameters) => {
        parameters.append('iss', 'x');
        parameters.append('iss', 'x');
      }),
    ],
    ['with an empty issuer', BEFORE, adds('iss', '')],
    ['with an access token', 'accept', adds('access_token', 'x')],
    [
      'with additional parameters of providers',
      'accept',
      back((parameters) => {
        parameters.set('session_state', 'x');
        parameters.set('client_info', 'x');
        parameters.set('scope', 'openid');
        parameters.set('__proto__', 'x');
      }),
    ],
  ];
  const shared = sharedCase();
  for (const [name, verdict, faults] of rows) {
    test(`${name}: ${verdict}`, async () => {
      const given = shared();
      given.provider.faults = faults();
      const { answer } = await assertVerdict(given, verdict);
      if (verdict !== 'accept') assert.equal(answer.status, 400);
      await assertAlive(given);
    });
  }
});

test("the provider's cookies and other headers are not forwarded to the browser", async (t) => {
  const eager: Wire = (response, body) => {
    response.setHeader('set-cookie', ['b2c-signin=evil; Path=/', 'other=evil']);
    response.setHeader('clear-site-data', '"*"');
    response.setHeader('refresh', '0; url=https://evil.example/');
    response.setHeader('strict-transport-security', 'max-age=0');
    response.setHeader('x-evil', 'evil');
    sendJson(response, body);
  };
  const given = await startCase(t, {
    faults: () => ({ wire: { discovery: eager, keys: eager, token: eager } }),
  });
  const result = await visit(given);
  await assertAccepted(given, result);
  const seen = JSON.stringify(result.answer.headers) + result.answer.setCookies.join();
  assert.doesNotMatch(seen, /evil|clear-site-data|strict-transport/i);
  given.provider.faults = {
    wire: { token: (response, body) => eager(response, body.slice(1)) },
  };
  const failed = await visit(given);
  await assertRejected(given, failed);
  assert.doesNotMatch(JSON.stringify(failed.answer.headers), /evil|clear-site-data/i);
  await assertAlive(given);
});

test('200 slow sockets, and a hundred callbacks at a silent provider, delay no page', async (t) => {
  const given = await startCase(t, { providerTimeoutMs: 120_000 });
  const signedIn = await visit(given);
  await assertAccepted(given, signedIn);
  const silent = new Set<ServerResponse>();
  let isSilent = true;
  given.provider.faults = {
    wire: {
      token(response) {
        if (!isSilent) return void response.destroy();
        silent.add(response);
        return undefined;
      },
    },
  };
  const { port } = new URL(given.url);
  const slow = Array.from({ length: 200 }, () =>
    openConnection(Number(port), 'GET / HTTP/1.1\r\nHost: a\r\n'),
  );
  for (const connection of slow) connection.drip(Array(1_000).fill('X: y\r\n'), 250);
  t.after(() => {
    for (const { socket } of slow) socket.destroy();
  });
  let ended = 0;
  const waiting = Array.from({ length: 100 }, () => visit(given).finally(() => (ended += 1)));
  while (silent.size < 64) await nextTurn();
  for (let i = 0; i < 20; i += 1) {
    assert.equal((await signedIn.browser.get('/auth/token_details')).status, 200);
  }
  assert.equal(ended, 0, 'the pages came after the callbacks');
  assert.equal(silent.size, 64, 'the others wait for their turn');
  isSilent = false;
  for (const response of silent) response.destroy();
  const ends = await Promise.all(waiting);
  assert.deepEqual(new Set(ends.map(({ answer }) => answer.status)), new Set([503]));
  await assertAlive(given);
});

test('more callbacks than the limit of requests, at a provider that does not respond, all end', async (t) => {
  const given = await startCase(t, { providerTimeoutMs: 500 });
  await assertAccepted(given, await visit(given));
  given.provider.faults = { wire: { token: () => {} } };
  const ends = await Promise.all(Array.from({ length: 70 }, () => visit(given)));
  assert.deepEqual(new Set(ends.map(({ answer }) => answer.status)), new Set([503]));
  await assertAlive(given);
});

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 10));
