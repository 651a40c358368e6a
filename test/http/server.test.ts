import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import {
  createHttpServer,
  type HttpLimits,
  type HttpServerOptions,
} from '../../dist/http/server.js';

/** Longer than a test may take. */
const NEVER_MS = 3_600_000;

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 5));

async function setUp(
  t: TestContext,
  listener: HttpServerOptions['listener'],
  limits: Partial<HttpLimits> = {},
) {
  const server = createHttpServer({ listener, headers: ['X-Always', 'yes'], limits });
  const { port } = await server.listen(0, '127.0.0.1');
  t.after(() => server.stop(0));
  return { server, port, get: (path: string) => request(`http://127.0.0.1:${port}${path}`) };
}

test('a listener that throws or rejects causes a 500 and does not end the process', async (t) => {
  const { get } = await setUp(t, ({ url }, response) => {
    if (url === '/throws') throw new Error('thrown');
    if (url === '/rejects') return Promise.reject(new Error('rejected'));
    response.end('good');
    return undefined;
  });
  for (const path of ['/throws', '/rejects']) {
    const { statusCode, headers } = await get(path);
    assert.equal(statusCode, 500);
    assert.equal(headers['x-always'], 'yes');
    assert.equal(headers['cache-control'], 'no-store');
  }
  assert.equal(await (await get('/')).body.text(), 'good');
});

test('an interrupted response does not look complete', async (t) => {
  const { get } = await setUp(t, (_, response) => {
    response.writeHead(200).write('half');
    throw new Error('thrown');
  });
  await assert.rejects(
    get('/').then(({ body }) => body.text()),
    { code: 'UND_ERR_SOCKET' },
  );
});

test('stopping lets in-flight requests finish, and closes those that take longer than the grace period', async (t) => {
  let finish = () => {};
  let running = 0;
  const { server, get } = await setUp(t, ({ url }, response) => {
    running += 1;
    if (url === '/slow') finish = () => response.end('done');
  });
  const slow = get('/slow').then(({ body }) => body.text());
  const endless = get('/endless').then(
    () => 'answered',
    () => 'closed',
  );
  while (running < 2) await nextTurn();
  const stopped = server.stop(300);
  finish();
  await stopped;
  assert.equal(await slow, 'done');
  assert.equal(await endless, 'closed');
});

test('stopping closes kept-alive connections as soon as they are idle', async (t) => {
  const notYet = () => {};
  let finish = notYet;
  const { server, port } = await setUp(
    t,
    ({ url }, response) => {
      if (url === '/slow') finish = () => response.end('done');
      else response.end('quick');
    },
    { keepAliveMs: NEVER_MS },
  );
  const open = (path: string) => {
    const connection = { text: '', closed: false, socket: connect(port, '127.0.0.1') };
    connection.socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    connection.socket.on('data', (chunk) => {
      connection.text += chunk;
    });
    connection.socket.on('close', () => {
      connection.closed = true;
    });
    return connection;
  };
  const [idle, busy] = [open('/'), open('/slow')];
  while (!idle.text.endsWith('quick') || finish === notYet) await nextTurn();
  const stopped = server.stop(NEVER_MS);
  while (!idle.closed) await nextTurn();
  assert.equal(busy.closed, false);
  finish();
  // Neither the grace nor the keep-alive timeout ends it: those are longer than a test may take.
  await stopped;
  // The server closes its end first.
  while (!busy.closed) await nextTurn();
  assert.match(idle.text, /quick$/);
  assert.match(busy.text, /done$/);
});

test('a client that does not read its response is disconnected, one that reads slowly is not', async (t) => {
  const megabytes = Buffer.alloc(20 * 1024 * 1024);
  const { port } = await setUp(t, (_, response) => void response.end(megabytes), {
    stalledMs: 400,
  });
  const open = () => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    );
    return socket.on('error', () => {});
  };
  const sleeping = open().pause();
  const slow = open();
  let received = 0;
  slow.on('data', (chunk) => {
    received += chunk.length;
    slow.pause();
    setTimeout(() => slow.resume(), 2);
  });
  const closed = new Promise((resolve) => sleeping.once('close', resolve));
  // Three times the limit, while the slow one keeps reading.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assert.equal(slow.destroyed, false);
  assert.ok(received > 0);
  // Only a client that reads sees the end of a connection.
  sleeping.resume();
  await closed;
  assert.ok(sleeping.bytesRead < megabytes.length);
  slow.destroy();
});
