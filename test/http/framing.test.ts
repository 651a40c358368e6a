import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createHttpServer } from '../../dist/http/server.js';
import { rawRequest } from '../support/raw-request.js';

async function setUp(t: TestContext) {
  let handled = 0;
  const server = createHttpServer({
    listener(_request, response) {
      handled += 1;
      response.writeHead(200, { connection: 'close' }).end();
    },
    headers: ['X-Always', 'yes'],
  });
  const { port } = await server.listen(0, '127.0.0.1');
  t.after(() => server.stop(0));
  return { send: (bytes: string) => rawRequest(port, bytes), handled: () => handled };
}

const HOST = 'Host: app.example\r\n';
const get = (headers: string, version = '1.1') => `GET / HTTP/${version}\r\n${headers}\r\n`;
const post = (headers: string, body: string) => `POST / HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;

describe('a request that another server may parse differently does not reach the listener', () => {
  const rows: [string, string, number][] = [
    ['no host', get(''), 400],
    ['no host in HTTP/1.0', get('', '1.0'), 400],
    ['two hosts', get(`${HOST}Host: evil.example\r\n`), 400],
    ['two hosts that are equal', get(HOST + HOST), 400],
    ['two hosts in different case', get(`${HOST}HOST: evil.example\r\n`), 400],
    ['an empty host', get('Host:\r\n'), 400],
    ['a host with a user name', get('Host: app@evil.example\r\n'), 400],
    ['a host with a path', get('Host: app.example/x\r\n'), 400],
    ['a list of hosts', get('Host: app.example, evil.example\r\n'), 400],
    ['a host with whitespace inside', get('Host: app.example evil.example\r\n'), 400],
    ['a host with a malformed port', get('Host: app.example:80x\r\n'), 400],
    ['an unknown transfer encoding', post('Transfer-Encoding: xchunked\r\n', ''), 400],
    ['another transfer encoding', post('Transfer-Encoding: gzip\r\n', ''), 400],
    ['chunked after another one', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), 400],
    ['chunked before another one', post('Transfer-Encoding: chunked, identity\r\n', ''), 400],
    [
      'chunked twice',
      post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
      400,
    ],
    [
      'a transfer encoding in HTTP/1.0',
      `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    [
      'both a length and chunks',
      post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
      400,
    ],
    ['two lengths', post('Content-Length: 1\r\nContent-Length: 2\r\n', 'x'), 400],
    ['a negative length', post('Content-Length: -1\r\n', ''), 400],
    ['whitespace before a colon', get(`${HOST}X : y\r\n`), 400],
    ['a folded header', get(`${HOST}X: y\r\n z\r\n`), 400],
    ['a bare line feed', `GET / HTTP/1.1\n${HOST}\r\n`, 400],
    ['a NUL in a header', get(`${HOST}X: \0\r\n`), 400],
    ['a second host behind many headers', get(`${HOST}${'a:\r\n'.repeat(1_100)}${HOST}`), 431],
    ['more than 128 headers', get(`${HOST}${'a: b\r\n'.repeat(200)}`), 431],
    ['a header of 20 kB', get(`${HOST}X: ${'x'.repeat(20_000)}\r\n`), 431],
    ['a body of a terabyte', post('Content-Length: 1000000000000\r\n', ''), 413],
    ['a GET request with a body that is too long', get(`${HOST}Content-Length: 16385\r\n`), 413],
    ['HTTP/0.9', 'GET /\r\n\r\n', 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['an unknown version', get(HOST, '9.9'), 400],
    ['an unknown method', `FETCH / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a method in lower case', `get / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['2,000 headers', get(`${HOST}${'a: b\r\n'.repeat(2_000)}`), 431],
    ['a target of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
    ['a cookie of 16 kB', get(`${HOST}Cookie: a=${'x'.repeat(16_384)}\r\n`), 431],
    ['an unknown expectation', get(`${HOST}Expect: miracles\r\n`), 417],
  ];
  for (const [name, bytes, status] of rows) {
    test(`${name}: ${status}, with the headers of every response`, async (t) => {
      const { send, handled } = await setUp(t);
      const answer = await send(bytes);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.headers['x-always'], 'yes');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['connection'], 'close');
      assert.equal(handled(), 0);
      assert.equal((await send(get(HOST))).status, 200);
    });
  }
});

test('CONNECT is closed without a response', async (t) => {
  const { send, handled } = await setUp(t);
  assert.equal((await send(`CONNECT a:443 HTTP/1.1\r\n${HOST}\r\n`)).text, '');
  assert.equal(handled(), 0);
  assert.equal((await send(get(HOST))).status, 200);
});

test('a request after a rejected one is ignored', async (t) => {
  const { send, handled } = await setUp(t);
  const answer = await send(get('Host: a@b\r\n') + get(HOST));
  assert.equal(answer.text.match(/HTTP\/1\.1 /g)?.length, 1);
  assert.equal(handled(), 0);
});

describe('valid requests reach the listener', () => {
  const rows: [string, string][] = [
    ['a name', get(HOST)],
    ['a name and a port', get('Host: app.example:8443\r\n')],
    ['an upper-case name with a trailing dot', get('host: APP.Example.\r\n')],
    ['a name of a container network', get('Host: sign_in-1:3000\r\n')],
    ['an IPv4 address', get('Host: 10.0.0.7:3000\r\n')],
    ['an IPv6 address', get('Host: [::1]:3000\r\n')],
    ['HTTP/1.0 of a proxy that names the host', get(HOST, '1.0')],
    ['chunks', post('Transfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['an upgrade to another protocol', get(`${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n`)],
    ['a body of the highest length', post('Content-Length: 16384\r\n', 'x'.repeat(16_384))],
    ['a body with a length', post('Content-Length: 1\r\n', 'x')],
    ['a header named __proto__', get(`${HOST}__proto__: x\r\n`)],
  ];
  for (const [name, bytes] of rows) {
    test(name, async (t) => {
      const { send, handled } = await setUp(t);
      assert.equal((await send(bytes)).status, 200);
      assert.equal(handled(), 1);
    });
  }
});
