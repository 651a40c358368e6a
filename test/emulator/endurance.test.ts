import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { emulatorControl } from '../support/emulator-control.js';
import type { Usage } from './endurance-server.js';
import { ALICE, authorizationUrl, CLIENT_ID, REDIRECT_URI } from './support.js';

const SLICES = 20;
const SIGN_INS_OF_A_SLICE = 500;
const AT_ONCE = 4;
// Refresh tokens live for up to 90 days, and are remembered a little longer.
const A_YEAR_IN_SECONDS = 365 * 24 * 3600;

test('10,000 sign-ins cost less than 3 ms each, and leave nothing behind when they have expired', {
  timeout: 240_000,
}, async (t) => {
  const server = await startServer(t);
  const { url, usage, signIn } = server;
  await slice(signIn);
  const before = await usage();

  const costs: number[] = [];
  const signatures: number[] = [];
  let last = before;
  for (let i = 0; i < SLICES; i += 1) {
    await slice(signIn);
    const current = await usage();
    costs.push((current.cpuMs - last.cpuMs) / SIGN_INS_OF_A_SLICE);
    signatures.push(current.signatureMs);
    last = current;
  }
  // The best one: on a busy machine the others cost more than they should.
  const cost = Math.min(...costs);
  const signature = Math.min(...signatures);
  t.diagnostic(`${cost.toFixed(2)} ms of CPU each, ${signature.toFixed(2)} ms for a signature`);
  // Two signatures are half of the cost: on a machine that takes long for one, that counts.
  const bound = Math.max(3, 5 * signature);
  assert.ok(cost < bound, `${cost} ms of CPU for each sign-in, ${signature} ms for a signature`);

  const held = last.heapMegabytes - before.heapMegabytes;
  assert.ok(held > 5, `10,000 codes and refresh tokens need memory, not ${held} MB`);
  await emulatorControl(url).clock(A_YEAR_IN_SECONDS);
  await signIn();
  const left = (await usage()).heapMegabytes - before.heapMegabytes;
  t.diagnostic(`${held.toFixed(1)} MB more, ${left.toFixed(1)} MB of it left at the end`);
  assert.ok(left < 3, `${left} MB are left of ${held} MB`);
});

async function slice(signIn: () => Promise<void>): Promise<void> {
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let i = 0; i < SIGN_INS_OF_A_SLICE / AT_ONCE; i += 1) await signIn();
  });
  await Promise.all(workers);
}

interface Server {
  url: string;
  usage(): Promise<Usage>;
  /** By script, and the code for tokens. */
  signIn(): Promise<void>;
}

async function startServer(t: TestContext): Promise<Server> {
  const child = fork(fileURLToPath(new URL('endurance-server.js', import.meta.url)), {
    execArgv: ['--expose-gc'],
    // Counting coverage would be measured too.
    env: { ...process.env, NODE_V8_COVERAGE: undefined },
  });
  t.after(() => child.kill('SIGKILL'));
  const { url, authority } = await answerOf<{ url: string; authority: string }>(child);
  const pool = new Pool(url, { connections: AT_ONCE });
  t.after(() => pool.destroy());
  const post = async (path: string, body: string, contentType: string) => {
    const headers = { 'content-type': contentType };
    const answer = await pool.request({ method: 'POST', path, body, headers });
    const text = await answer.body.text();
    assert.equal(answer.statusCode, 200, text);
    return JSON.parse(text) as Record<string, string>;
  };
  const script = JSON.stringify({ url: authorizationUrl({ authority }), as: ALICE });
  const tokenPath = new URL(`${authority}/B2C_1_susi/oauth2/v2.0/token`).pathname;
  return {
    url,
    usage() {
      child.send('usage');
      return answerOf<Usage>(child);
    },
    async signIn() {
      const { location = '' } = await post('/_emulator/authorize', script, 'application/json');
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: CLIENT_ID,
        client_secret: 'emulator-secret',
        redirect_uri: REDIRECT_URI,
        code: new URL(location).searchParams.get('code') ?? '',
      });
      await post(tokenPath, form.toString(), 'application/x-www-form-urlencoded');
    },
  };
}

async function answerOf<Message>(child: ChildProcess): Promise<Message> {
  const [message] = await once(child, 'message');
  return message as Message;
}
