import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { formatExposition } from '../../dist/operations/exposition.js';
import { observeProcess } from '../../dist/operations/process-metrics.js';
import { parseExposition, scrapedValue } from '../support/exposition.js';

test('a second in which the process was busy is counted as slow, and idle seconds are not', async (t) => {
  const observed = observeProcess(process);
  t.after(() => observed.close());
  const name = 'b2c_signin_event_loop_delay_seconds';
  const read = () => parseExposition(formatExposition([observed.snapshot()]));
  const seconds = () => scrapedValue(read(), `${name}_count`);
  const countAbove = (bound: string) => {
    const families = read();
    return (
      scrapedValue(families, `${name}_count`) -
      scrapedValue(families, `${name}_bucket`, { le: bound })
    );
  };
  await delay(50);
  const end = performance.now() + 1_300;
  while (performance.now() < end);
  for (let i = 0; i < 100 && countAbove('1') === 0; i += 1) await delay(50);
  const until = seconds() + 1;
  for (let i = 0; i < 100 && seconds() < until; i += 1) await delay(50);
  const slow = countAbove('1');
  assert.ok(slow >= 1, 'the busy second');
  assert.ok(slow < seconds(), 'not every second');
});

test('connections are counted while they are open', async (t) => {
  const observed = observeProcess(process);
  t.after(() => observed.close());
  const server = createServer((_request, response) => response.writeHead(204).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const value = (name: string, labels = {}) =>
    scrapedValue(parseExposition(formatExposition([observed.snapshot()])), name, labels);
  const { port } = server.address() as AddressInfo;
  const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  sockets[0]?.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const answers = () => value('b2c_signin_http_responses_total', { status: '2xx' });
  for (let i = 0; i < 100 && answers() < 1; i += 1) await delay(20);
  assert.equal(answers(), 1);
  for (let i = 0; i < 100 && value('b2c_signin_open_connections') < 2; i += 1) await delay(20);
  assert.equal(value('b2c_signin_open_connections'), 2);
  for (const socket of sockets) socket.destroy();
  for (let i = 0; i < 100 && value('b2c_signin_open_connections') > 0; i += 1) await delay(20);
  assert.equal(value('b2c_signin_open_connections'), 0);
});
