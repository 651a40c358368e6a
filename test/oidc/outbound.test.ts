import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createOutbound } from '../../dist/oidc/outbound.js';
import { emptyFolder } from '../support/folder.js';

const sendJson = (response: ServerResponse, body: string | Buffer = '"good"') =>
  void response.setHeader('content-type', 'application/json; charset=utf-8').end(body);

async function setUp(t: TestContext, listener: RequestListener, limits = {}) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outbound = createOutbound({
    origins: new Set([origin]),
    timeoutMs: 500,
    maxBytes: 1_000,
    ...limits,
  });
  t.after(async () => {
    await outbound.close();
    server.closeAllConnections();
    server.close();
  });
  const get = (url = `${origin}/a?b=c`) =>
    outbound.fetch(url, { method: 'GET', headers: {}, body: null, redirect: 'manual' });
  return { get, origin, requests: () => requests };
}

test('a response has status, type and body', async (t) => {
  const { get } = await setUp(t, (request, response) => {
    response.writeHead(400, { 'content-type': 'application/json', 'set-cookie': 'a=b' });
    response.end(JSON.stringify({ url: request.url }));
  });
  const response = await get();
  assert.equal(response.status, 400);
  assert.deepEqual([...response.headers.keys()], ['content-type']);
  assert.deepEqual(await response.json(), { url: '/a?b=c' });
});

describe('another origin is rejected before a connection', () => {
  const rows: [string, (origin: string) => string][] = [
    ['another host', () => 'http://foreign.example/'],
    ['another port', () => 'http://127.0.0.1:9/'],
    ['another scheme', (origin) => origin.replace('http:', 'https:')],
    ['a link-local IP address', () => 'http://169.254.169.254/latest/meta-data'],
    ['a host with the same beginning', (origin) => `${origin}.foreign.example/`],
    ['the allowed host as user name', (origin) => `${origin}@foreign.example/`],
  ];
  for (const [name, url] of rows) {
    test(name, async (t) => {
      const { get, origin, requests } = await setUp(t, (_, response) => response.end());
      await assert.rejects(get(url(origin)), (error: { code?: string }) =>
        ['metadata_refused', 'ERR_INVALID_URL'].includes(error.code ?? ''),
      );
      assert.equal(requests(), 0);
    });
  }
});

describe('an unusable response is rejected', () => {
  const rows: [string, string, RequestListener][] = [
    [
      'too many bytes',
      'provider_response_invalid',
      (_, response) => sendJson(response, JSON.stringify('x'.repeat(1_000))),
    ],
    [
      'too many bytes without a length',
      'provider_response_invalid',
      (_, response) => {
        response.setHeader('content-type', 'application/json').write('["');
        for (let i = 0; i < 100; i += 1) response.write('x'.repeat(100));
        response.end('"]');
      },
    ],
    [
      'a compressed body',
      'provider_response_invalid',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync(Buffer.alloc(1_000_000)));
      },
    ],
    [
      'five nested content encodings',
      'provider_response_invalid',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip, gzip, br, deflate, gzip');
        sendJson(response, gzipSync(gzipSync(Buffer.alloc(1_000_000))));
      },
    ],
    [
      'headers of 40 kB',
      'provider_unreachable',
      (_, response) => sendJson(response.setHeader('x-long', 'x'.repeat(40_000))),
    ],
    ['JSON as a page', 'provider_response_invalid', (_, response) => response.end('{}')],
    [
      'JSON with the type of a page',
      'provider_response_invalid',
      (_, response) => response.setHeader('content-type', 'text/html').end('{}'),
    ],
    [
      'JSON behind a byte order mark',
      'provider_response_invalid',
      (_, response) => sendJson(response, '\ufeff{}'),
    ],
    [
      'JSON in UTF-16',
      'provider_response_invalid',
      (_, response) => sendJson(response, Buffer.from('\ufeff{}', 'utf16le')),
    ],
    [
      'JSON in Latin-1',
      'provider_response_invalid',
      (_, response) => sendJson(response, Buffer.from('"é"', 'latin1')),
    ],
    ['a server error', 'provider_unreachable', (_, response) => response.writeHead(503).end()],
    [
      'too many requests',
      'provider_unreachable',
      (_, response) => response.writeHead(429).end('x'),
    ],
    ['no response', 'provider_unreachable', () => {}],
    ['a closed connection', 'provider_unreachable', (request) => request.socket.destroy()],
    [
      'a connection that is closed during the body',
      'provider_unreachable',
      (request, response) => {
        response.writeHead(200, { 'content-length': '500' });
        response.write('x');
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
    [
      'a body that arrives byte by byte',
      'provider_unreachable',
      (_, response) => {
        const timer = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ];
  for (const [name, code, listener] of rows) {
    test(`${name}, and the next request works`, async (t) => {
      let broken = true;
      const { get } = await setUp(t, (request, response) =>
        broken ? listener(request, response) : sendJson(response),
      );
      await assert.rejects(get(), { code });
      broken = false;
      assert.equal(await (await get()).json(), 'good');
    });
  }
});

test('a redirect is returned and not followed', async (t) => {
  const statuses = [301, 302, 303, 307, 308];
  const { get, requests } = await setUp(t, (_, response) =>
    response.writeHead(statuses[requests() - 1] ?? 500, { location: '/elsewhere' }).end(),
  );
  for (const status of statuses) assert.equal((await get()).status, status);
  assert.equal(requests(), statuses.length);
});

test('the numbers of open connections and of pending requests are limited', async (t) => {
  let open = 0;
  let most = 0;
  const { get, requests } = await setUp(
    t,
    (_, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendJson(response);
      }, 20);
    },
    { maxConnections: 3, maxRequests: 10 },
  );
  const answers = await Promise.allSettled(Array.from({ length: 15 }, () => get()));
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? answer.reason : []));
  assert.deepEqual(
    refused.map(({ code }) => code),
    Array(5).fill('provider_unreachable'),
  );
  assert.equal(most, 3);
  assert.equal(requests(), 10);
  assert.equal(await (await get()).json(), 'good');
});

test('a request that waits for a connection ends with the time limit too', async (t) => {
  const { get, requests } = await setUp(t, () => {}, { maxConnections: 1 });
  const answers = await Promise.allSettled([get(), get(), get()]);
  assert.deepEqual(
    answers.map((answer) => answer.status === 'rejected' && answer.reason.code),
    Array(3).fill('provider_unreachable'),
  );
  // The second can get the connection at the moment when the first ends and its own limit has not.
  assert.ok(requests() < 3);
});

/** A self-signed certificate for localhost; `undefined` if there is no openssl. */
function selfSigned(t: TestContext): { cert: Buffer; key: Buffer } | undefined {
  const folder = emptyFolder(t);
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const what = '-x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost'.split(' ');
  const alternative = ['-addext', 'subjectAltName=DNS:localhost'];
  try {
    execFileSync('openssl', ['req', ...what, ...alternative, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

test('an untrusted certificate is rejected, also with NODE_TLS_REJECT_UNAUTHORIZED=0', async (t) => {
  const identity = selfSigned(t);
  if (!identity) return t.skip('there is no openssl');
  let requests = 0;
  const server = createTlsServer(identity, (_, response) => {
    requests += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const outbound = createOutbound({ origins: new Set([origin]) });
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  t.after(async () => {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    await outbound.close();
    server.close();
  });
  const options = { method: 'GET', headers: {}, body: null, redirect: 'manual' } as const;
  await assert.rejects(outbound.fetch(origin, options), { code: 'provider_unreachable' });
  assert.equal(requests, 0);
  return undefined;
});
