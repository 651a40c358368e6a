/** Which hosts and origins may send requests to the emulator. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { freePort } from '../support/free-port.js';
import { startEmulator, TENANT_ID } from './support.js';

function send(
  { url }: Pick<Emulator, 'url'>,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; text: string }> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, headers, method };
    const sent = request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

const calls = [
  ['GET', ''],
  ['GET', 'accounts'],
  ['GET', 'mailbox'],
  ['GET', 'requests'],
  ['POST', 'authorize'],
  ['POST', 'reset'],
  ['DELETE', 'faults'],
];
for (const [method = '', name] of calls) {
  test(`${method} /_emulator/${name} rejects other hosts and other origins`, async (t) => {
    const emulator = await startEmulator(t);
    const { host } = new URL(emulator.url);
    for (const headers of [
      { host: 'evil.example' },
      { host: 'evil.example:3001' },
      { host: '10.0.0.1' },
      { host, origin: 'https://evil.example' },
      { host, origin: 'null' },
      { host, origin: 'http://localhost:3000' },
      { host, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      {
        host,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'iframe',
      },
    ]) {
      const { status } = await send(emulator, `/_emulator/${name}`, headers, method);
      assert.equal(status, 403, JSON.stringify(headers));
    }
  });
}

test('a link from another site opens the dashboard', async (t) => {
  const emulator = await startEmulator(t);
  const { status } = await send(emulator, '/_emulator/', {
    host: new URL(emulator.url).host,
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    accept: 'text/html',
  });
  assert.equal(status, 200);
});

const discovery = `/fabrikamb2c.onmicrosoft.com/B2C_1_susi/v2.0/.well-known/openid-configuration`;
const issuerFor = async (emulator: Emulator, host: string) =>
  JSON.parse((await send(emulator, discovery, { host })).text).issuer;

test('an issuer never contains an unknown host', async (t) => {
  const emulator = await startEmulator(t);
  assert.equal(await issuerFor(emulator, 'evil.example'), emulator.issuer);
  const name = 'tenant.localhost:4000';
  assert.equal(await issuerFor(emulator, name), `http://${name}/${TENANT_ID}/v2.0/`);
});

test('with publicUrl, URL and issuer contain the public URL', async (t) => {
  const emulator = await startEmulator(t, { publicUrl: 'https://b2c.example/' });
  assert.equal(emulator.url, 'https://b2c.example');
  const issuer = `https://b2c.example/${TENANT_ID}/v2.0/`;
  assert.equal(emulator.issuer, issuer);
});

test('with publicUrl, requests with the public host are accepted, others rejected', async (t) => {
  const port = await freePort();
  const emulator = await startEmulator(t, { publicUrl: 'https://b2c.example', port });
  const statusFor = async (headers: Record<string, string>) =>
    (await send({ url: `http://127.0.0.1:${port}` }, '/_emulator/clock', headers)).status;
  assert.equal(await statusFor({ host: 'b2c.example', origin: 'https://b2c.example' }), 200);
  assert.equal(await statusFor({ host: 'evil.example' }), 403);
  assert.equal(emulator.authority, 'https://b2c.example/fabrikamb2c.onmicrosoft.com');
});

test('on all addresses, IP addresses are accepted, and unknown names rejected', async (t) => {
  const emulator = await startEmulator(t, { host: '0.0.0.0', allowOtherHosts: true });
  assert.match(emulator.url, /^http:\/\/localhost:\d+$/);
  assert.equal((await send(emulator, '/_emulator/clock', { host: '192.0.2.7:3001' })).status, 200);
  assert.equal((await send(emulator, '/_emulator/clock', { host: 'evil.example' })).status, 403);
  const issuer = await issuerFor(emulator, '192.0.2.7:3001');
  assert.equal(issuer, `http://192.0.2.7:3001/${TENANT_ID}/v2.0/`);
});
