import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { readBody } from '../../dist/http/request.js';
import { createHttpServer, type HttpLimits } from '../../dist/http/server.js';
import { openConnection, rawRequest } from '../support/raw-request.js';

const SHORT = { headersMs: 300, requestMs: 600, checkEveryMs: 50, keepAliveMs: 300 };
const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';
const GET = `${HEAD}\r\n`;
const megabytes = Buffer.alloc(20 * 1024 * 1024);

async function setUp(
  t: TestContext,
  limits: Partial<HttpLimits>,
  tls?: { cert: string; key: string },
) {
  const seen = { requests: 0, failures: [] as unknown[] };
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    seen.requests += 1;
    if (request.url === '/read') {
      await readBody(request, { maxBytes: 1_000 }).catch(({ code }) => seen.failures.push(code));
    }
    if (request.url === '/waits') return; // forever
    response.end(request.url === '/big' ? megabytes : 'good');
  };
  const server = createHttpServer({ listener, headers: ['X-Always', 'yes'], limits, tls });
  const { port } = await server.listen(0, '127.0.0.1');
  t.after(() => server.stop(0));
  const isAlive = async () => {
    const { status } = await rawRequest(port, `${HEAD}Connection: close\r\n\r\n`);
    return status === 200;
  };
  return { port, seen, isAlive };
}

function* forever(piece: string) {
  for (;;) yield piece;
}

const post = (path: string, headers: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`;

describe('a slow client gets 408 and is disconnected, without effect on others', () => {
  const { headersMs, requestMs } = SHORT;
  const rows: [string, first: string, piece: string, limitMs: number, status?: number][] = [
    ['a client that sends nothing', '', '', headersMs],
    ['half a request line', 'GET / HT', '', headersMs],
    ['headers in small pieces', HEAD, 'X: y\r\n', headersMs],
    ['one header in small pieces', `${HEAD}X: `, 'x', headersMs],
    ['a body in small pieces', post('/read', 'Content-Length: 900'), 'x', requestMs],
    ['chunks without end', post('/read', 'Transfer-Encoding: chunked'), '1\r\nx\r\n', requestMs],
    [
      'a body in small pieces that is not read',
      post('/', 'Content-Length: 900'),
      'x',
      requestMs,
      200,
    ],
  ];
  for (const [name, first, piece, limitMs, status = 408] of rows) {
    test(name, async (t) => {
      const { port, isAlive, seen } = await setUp(t, SHORT);
      const slow = openConnection(port, first);
      if (piece) slow.drip(forever(piece), 10);
      assert.equal(await isAlive(), true);
      const answer = await slow.ended;
      assert.equal(answer.status, status, answer.text);
      if (status === 408) assert.equal(answer.headers['x-always'], 'yes');
      assert.ok(answer.afterMs >= limitMs - 60, `after ${answer.afterMs} ms`);
      if (first.includes('/read')) {
        while (seen.failures.length === 0) await new Promise(setImmediate);
        assert.deepEqual(seen.failures, ['bad_request']);
      }
      assert.equal(await isAlive(), true);
    });
  }
});

test('chunks that are not read are cut off with the response', async (t) => {
  const { port } = await setUp(t, {});
  for (const method of ['GET', 'POST']) {
    const head = `${method} / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const sender = openConnection(port, head);
    sender.drip(forever('1\r\nx\r\n'), 5);
    const answer = await sender.ended;
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['connection'], 'close');
  }
});

test('a connection without another request is closed', async (t) => {
  const { port } = await setUp(t, SHORT);
  const { status } = await openConnection(port, GET).ended;
  assert.equal(status, 200);
});

test('over TLS, a client that does not complete the handshake or does not read is disconnected', async (t) => {
  const tls = createCertificate();
  const { port } = await setUp(t, { ...SHORT, stalledMs: 400 }, tls);
  const silent = openConnection(port);
  const open = () => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  const sleeping = open().on('error', () => {});
  await once(sleeping, 'secureConnect');
  sleeping.pause();
  sleeping.write('GET /big HTTP/1.1\r\nHost: a\r\n\r\n');
  await silent.ended;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const closed = once(sleeping, 'close');
  // Only a client that reads sees the end of a connection.
  sleeping.resume();
  await closed;
  assert.ok(sleeping.bytesRead < megabytes.length, `${sleeping.bytesRead} bytes`);
});

test('connections above the limit are closed immediately, and new ones are accepted later', async (t) => {
  const { port, isAlive } = await setUp(t, { maxConnections: 20 });
  const opened = Array.from({ length: 60 }, () => openConnection(port));
  let ended = 0;
  for (const { ended: end } of opened) void end.then(() => (ended += 1));
  while (ended < 40) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(await isAlive(), false);
  assert.equal(ended, 40);
  for (const { socket } of opened) socket.destroy();
  // The server sees the end of a connection a moment later.
  while (!(await isAlive())) await new Promise((resolve) => setTimeout(resolve, 10));
});

describe('pipelined requests', () => {
  test('get responses if they are few', async (t) => {
    const { port, seen } = await setUp(t, {});
    const { text } = await rawRequest(port, `${GET.repeat(31)}${HEAD}Connection: close\r\n\r\n`);
    assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, 32);
    assert.equal(seen.requests, 32);
  });
  test('end their connection above the limit', async (t) => {
    const { port, seen, isAlive } = await setUp(t, {});
    const waits = GET.replace('/', '/waits');
    await openConnection(port, waits.repeat(10_000)).ended;
    assert.equal(seen.requests, 33);
    assert.equal(await isAlive(), true);
  });
  test('are counted again after their responses are sent', async (t) => {
    const { port } = await setUp(t, { maxPipelined: 4 });
    const { socket, write, ended } = openConnection(port);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const received = () => text.match(/HTTP\/1\.1 200/g)?.length ?? 0;
    for (let i = 1; i <= 10; i += 1) {
      write(GET.repeat(5));
      while (received() < i * 5) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    write(`${HEAD}Connection: close\r\n\r\n`);
    assert.equal((await ended).text.match(/HTTP\/1\.1 200/g)?.length, 51);
  });
});
