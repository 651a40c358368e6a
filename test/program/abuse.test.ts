// Hostile clients against the program as it ships. Other tests show each case; here one process goes through
// all of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flood, getRequest } from '../support/load.js';
import { heldMemory, tellingMemory } from '../support/memory-usage.js';
import { type ProgramWithTenant, runWithTenant, skipWithoutSignals } from '../support/program.js';
import { openConnection } from '../support/raw-request.js';

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';
const GET = `${HEAD}\r\n`;

type Abuse = (running: ProgramWithTenant) => Promise<unknown>;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens connections, writes to each, and closes them after a while. */
function crowd(count: number, first: string, { drip = '', ms = 100, reads = true } = {}): Abuse {
  return async ({ port }) => {
    const connections = Array.from({ length: count }, () => openConnection(port, first));
    for (const connection of connections) {
      if (!reads) connection.socket.pause();
      if (drip) connection.drip(Array(1_000).fill(drip), 20);
    }
    await wait(ms);
    for (const { socket } of connections) socket.destroy();
    await Promise.all(connections.map(({ ended }) => ended));
  };
}

const post = (headers: string) => `POST /auth/sign_out HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`;
const flooding = (
  path: string,
  status: number,
  { count = 400, headers }: { count?: number; headers?: Record<string, string> } = {},
): Abuse => {
  const request = getRequest(path, headers);
  return async ({ port }) =>
    assert.deepEqual(await flood({ port, request, count }), { [status]: count });
};
const cookies = Array.from({ length: 500 }, (_, i) => `b2c-attempt-${i}=z.x`).join('; ');

const ABUSES: Record<string, Abuse> = {
  'silent connections': crowd(200, ''),
  'half request lines': crowd(200, 'GET / HT'),
  'headers in drops': crowd(100, HEAD, { drip: 'X: y\r\n' }),
  'bodies in drops': crowd(100, post('Content-Length: 900'), { drip: 'x' }),
  'chunks without end': crowd(50, post('Transfer-Encoding: chunked'), { drip: '1\r\nx\r\n' }),
  'large chunks': crowd(
    50,
    `${post('Transfer-Encoding: chunked')}${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(20)}`,
  ),
  'bodies of a terabyte': crowd(50, post('Content-Length: 1000000000000') + 'x'.repeat(100_000)),
  'connections that come and go': crowd(500, '', { ms: 0 }),
  'those who do not read': crowd(100, GET.repeat(30), { reads: false }),
  'pipelines without end': crowd(20, GET.repeat(2_000)),
  '2,000 headers': crowd(100, `${HEAD}${'a: b\r\n'.repeat(2_000)}\r\n`),
  'headers of 20 kB': crowd(100, `${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`),
  'requests that are none': crowd(100, '\0\xff\r\n\r\n'),
  'hidden requests': crowd(100, `${post('Content-Length: 5\r\nTransfer-Encoding: chunked')}${GET}`),
  '500 cookies': flooding('/auth/sign_in', 302, { headers: { cookie: cookies } }),
  'guessed sessions': flooding('/auth/token_details', 401, {
    headers: { cookie: `b2c-signin=${'A'.repeat(87)}` },
  }),
  // Enough to exceed the limit of log lines per second on a slow machine too.
  'anonymous sign-ins': flooding('/auth/sign_in?return_to=/x', 302, { count: 1_000 }),
  'random callbacks': flooding(`/auth/redirect?state=${'A'.repeat(43)}&code=x`, 400),
  'unknown paths': flooding('/<script>/..%2f..%2fetc', 404),
  'ambiguous targets': flooding('//evil.example/', 400),
  async 'callbacks with invented codes'({ browser }) {
    for (let i = 0; i < 20; i += 1) {
      const visitor = browser();
      const { location } = await visitor.get('/auth/sign_in');
      const state = new URL(location).searchParams.get('state');
      // B2C returns AADB2C90085, as for a wrong registration.
      assert.equal((await visitor.get(`/auth/redirect?code=x&state=${state}`)).status, 502);
    }
  },
  async 'the same callback many times'({ browser, control }) {
    const visitor = browser();
    const { location } = await visitor.get('/auth/sign_in');
    const callback = await control.authorize(location, { as: 'alice@example.com' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => visitor.get(callback)));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
  },
};

test('after each abuse the same process signs a user in, and its memory returns', {
  skip: skipWithoutSignals,
}, async (t) => {
  const running = await runWithTenant(t, tellingMemory(t));
  const { program, signedIn } = running;
  const stdout = () => program.output.stdout;
  const goThroughAll = async () => {
    for (const [name, abuse] of Object.entries(ABUSES)) {
      await abuse(running);
      const page = await (await signedIn()).get('/auth/token_details');
      assert.equal(page.status, 200, name);
      assert.equal(program.child.exitCode, null, name);
    }
    return heldMemory(program);
  };
  // Code, pools and caches are created on first use, by any client.
  const before = await goThroughAll();
  const after = await goThroughAll();
  assert.match(stdout(), /"log_lines_dropped"/);
  assert.doesNotMatch(stdout(), /"unexpected_error"/);
  t.diagnostic(`memory: ${before} MB after one round of all, ${after} after another`);
  assert.ok(after - before < 2, `from ${before} to ${after} MB`);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
});
