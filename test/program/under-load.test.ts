import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { type ProgramWithTenant, runWithTenant } from '../support/program.js';
import { openConnection } from '../support/raw-request.js';

const SLOW_SOCKETS = 200;
const CALLBACKS = 500;

/** Starts a sign-in, and returns its callback as a request to send later. */
async function genuineCallback({ browser }: ProgramWithTenant): Promise<string> {
  const visitor = browser();
  const { location } = await visitor.get('/auth/sign_in');
  const state = new URL(location).searchParams.get('state');
  const [[name, value] = []] = visitor.cookies;
  const head = [
    `GET /auth/redirect?code=any&state=${state} HTTP/1.1`,
    'Host: localhost',
    `Cookie: ${name}=${value}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n`;
}

const percentile95 = (times: number[]) =>
  times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;

test('200 slow sockets and 500 callbacks at a provider that hangs do not affect other users', async (t) => {
  const running = await runWithTenant(t);
  const { port, control, signedIn } = running;
  const honest = await signedIn();
  const requests: string[] = [];
  for (let i = 0; i < CALLBACKS; i += 1) requests.push(await genuineCallback(running));
  await control.fault('token_hang');

  const slow = Array.from({ length: SLOW_SOCKETS }, () =>
    openConnection(port, 'GET / HTTP/1.1\r\nHost: a\r\n'),
  );
  for (const connection of slow) connection.drip(Array(1_000).fill('X: y\r\n'), 250);
  const callbacks = requests.map((request) => openConnection(port, request));
  t.after(() => {
    for (const { socket } of [...slow, ...callbacks]) socket.destroy();
  });
  while ((await control.count('token')) < 20)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const inProgress = () => callbacks.filter(({ socket }) => !socket.destroyed).length;

  const times: Record<string, number[]> = { '/healthz': [], '/auth/token_details': [] };
  for (let i = 0; i < 150; i += 1) {
    for (const [path, own] of Object.entries(times)) {
      const begun = performance.now();
      const { status } = await honest.get(path);
      own.push(performance.now() - begun);
      assert.equal(status, 200);
    }
  }
  assert.equal(inProgress(), CALLBACKS, 'the callbacks did not wait as long as this took');
  assert.equal(slow.filter(({ socket }) => !socket.destroyed).length, SLOW_SOCKETS);
  for (const [path, own] of Object.entries(times)) {
    const limit = percentile95(own);
    t.diagnostic(`${path}: 95 of 100 within ${limit.toFixed(1)} ms`);
    assert.ok(limit < 100, `${path}: ${limit} ms`);
  }

  // After the timeout of the provider, all have a response, and sign-in works again.
  const answers = await Promise.all(callbacks.map(({ ended }) => ended));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([503]));
  await control.noFaults();
  await signedIn();
});
