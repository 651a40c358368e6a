import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Agent, request } from 'undici';
import type { Browser } from '../support/browser.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import {
  childrenOf,
  eventsOf,
  inRedis,
  type ProgramWithTenant,
  reload,
  runProgram,
  runWithTenant,
  skipWithoutSignals,
  writeConfig,
} from '../support/program.js';
import { skipWithoutRedis, startRedis, until } from '../support/redis.js';

const skip = skipWithoutSignals || skipWithoutRedis();

/** Starts the program with this number of workers, and waits for all of them. */
async function startWorkers(t: TestContext, count: number, more = {}) {
  const redis = await startRedis(t);
  const options = { args: ['--workers', `${count}`], more };
  const running = await runWithTenant(t, inRedis(redis.url), options);
  const { program } = running;
  await until(async () => eventsOf(program, 'listening').length === count);
  return running;
}

interface Load {
  /** Resolves after this many more responses. */
  gets(responses: number): Promise<void>;
  stop(): Promise<{ statuses: string[]; failures: number }>;
}

/** Requests a signed-in page over kept-alive connections, repeatedly. */
function load({ port }: ProgramWithTenant, { cookies }: Browser, connections = 4): Load {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  // Node never closes a connection that the primary was passing to a worker when the worker was killed.
  const dispatcher = new Agent({ connections, headersTimeout: 20_000 });
  const statuses = new Set<string>();
  let responses = 0;
  let failures = 0;
  let over = false;
  const one = async () => {
    while (!over) {
      try {
        const url = `http://localhost:${port}/auth/token_details`;
        const answer = await request(url, { dispatcher, headers: { cookie } });
        await answer.body.dump();
        const status = String(answer.statusCode);
        statuses.add(status);
        responses += 1;
      } catch {
        failures += 1;
      }
      // The workers that start need the processor too.
      await delay(20);
    }
  };
  const all = Promise.all(Array.from({ length: connections }, one));
  return {
    async gets(count) {
      const enough = responses + count;
      await until(async () => responses >= enough);
    },
    async stop() {
      over = true;
      await all;
      await dispatcher.close();
      return { statuses: [...statuses], failures };
    },
  };
}

test('two workers', { skip }, async (t) => {
  const operationsPort = await freePort();
  const operations = { operations: { port: operationsPort } };
  const running = await startWorkers(t, 2, operations);
  const { program, configure, control, folder } = running;
  const ask = async (path: string) => {
    const answer = await request(`http://127.0.0.1:${operationsPort}${path}`);
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  /** The sum of all workers, including those that have exited. */
  const signIns = async () => {
    const { text } = await ask('/metrics');
    return Number(/^b2c_signin_sessions_started_total (\d+)$/m.exec(text)?.[1]);
  };
  const browser = await running.signedIn();
  const workers = () => childrenOf(program.pid);

  await t.test('have numbers in the log', async () => {
    assert.equal(workers().length, 2);
    const numbers = eventsOf(program, 'listening').map(({ worker }) => worker);
    assert.deepEqual(numbers.sort(), [1, 2]);
    assert.ok(eventsOf(program, 'sign_in_completed').at(0)?.['worker']);
  });

  await t.test('have common metrics and health endpoints', async () => {
    await Promise.all(Array.from({ length: 3 }, running.signedIn));
    await until(async () => (await signIns()) === 4);
    assert.deepEqual(await ask('/readyz'), { status: 200, text: '{"status":"ready"}' });
    assert.equal((await ask('/healthz')).status, 200);
  });

  await t.test('receive SIGUSR2 from their primary', async () => {
    program.child.kill('SIGUSR2');
    await until(async () => eventsOf(program, 'log_level_raised').length === 3);
    const heard = eventsOf(program, 'log_level_raised').map(({ worker }) => worker ?? 'primary');
    assert.deepEqual(heard.sort(), [1, 2, 'primary']);
  });

  await t.test('open no debugger at SIGUSR1, and neither does their primary', async () => {
    for (const pid of [program.pid, ...workers()]) process.kill(pid, 'SIGUSR1');
    await delay(300);
    assert.equal((await browser.get('/healthz')).status, 200);
    assert.doesNotMatch(program.output.stderr, /debugger|inspector/i);
  });

  await t.test('are replaced at SIGHUP without a failed request', async () => {
    const before = workers();
    const underLoad = load(running, browser);
    await underLoad.gets(20);
    const label = 'The new door';
    configure({
      policies: { signIn: 'B2C_1_susi', more: { name: 'B2C_1A_signup_signin', label } },
    });
    await reload(program);
    await underLoad.gets(20);
    assert.deepEqual(await underLoad.stop(), { statuses: ['200'], failures: 0 });
    assert.equal(workers().length, 2);
    assert.ok(!workers().some((pid) => before.includes(pid)));
    for (let i = 0; i < 6; i += 1) {
      const page = await browser.get('/', { connection: 'close' });
      assert.match(page.body, /You are signed in[\s\S]*The new door/);
    }
    assert.equal(eventsOf(program, 'worker_exited').length, 0);
    assert.equal(await signIns(), 4);
  });

  await t.test(
    'stay when the new configuration is invalid, or its workers would not be ready',
    async () => {
      const before = workers();
      const rows: [object, RegExp][] = [
        [{ policies: {}, extra: 1 }, /^policies\.signIn: [\s\S]*^extra: unknown setting/m],
        [{ listen: { port: 1 } }, /^listen\.port: a change requires a restart$/m],
        [
          { policies: { signIn: 'B2C_1_unknown' } },
          /^policies: no discovery document or signing keys are available for signIn$/m,
        ],
      ];
      for (const [sections, expected] of rows) {
        configure(sections);
        await reload(program, 'config_refused');
        await program.says(expected);
      }
      assert.deepEqual(workers(), before);
      assert.equal((await browser.get('/auth/token_details')).status, 200);
    },
  );

  await t.test('lose the requests of a killed worker, which is replaced', async () => {
    const [victim = 0] = workers();
    const before = eventsOf(program, 'listening').length;
    const underLoad = load(running, browser);
    // The new worker starts with the configuration that was read, not with the current file.
    writeFileSync(path.join(folder, 'config.json'), '{');
    await underLoad.gets(20);
    process.kill(victim, 'SIGKILL');
    await until(async () => eventsOf(program, 'listening').length > before);
    const { statuses, failures } = await underLoad.stop();
    assert.deepEqual(statuses, ['200']);
    assert.ok(failures <= 4, `${failures} failed`);
    assert.match(String(eventsOf(program, 'worker_exited')[0]?.['detail']), /SIGKILL/);
    assert.equal(workers().length, 2);
    assert.ok(!workers().includes(victim));
    assert.equal((await browser.get('/auth/token_details')).status, 200);
  });

  await t.test('stop together after their requests in flight', async () => {
    const coming = running.browser();
    const { location } = await coming.get('/auth/sign_in');
    const callback = await control.authorize(location, { as: 'bob@example.com' });
    await control.fault('token_slow', { times: 1 });
    const before = await control.count('token');
    const slow = coming.get(callback);
    while ((await control.count('token')) === before) await new Promise(setImmediate);
    program.child.kill('SIGTERM');
    assert.equal((await slow).status, 303);
    assert.equal(await program.ended, 0);
    assert.equal(eventsOf(program, 'worker_exited').length, 1);
  });
});

test('workers exit when their primary is gone', { skip }, async (t) => {
  const { program } = await startWorkers(t, 1);
  const workers = childrenOf(program.pid);
  assert.equal(workers.length, 1);
  program.child.kill('SIGKILL');
  const isThere = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await until(async () => !workers.some(isThere));
});

test('gives up on workers that exit as soon as they start', { skip }, async (t) => {
  const fault = path.join(emptyFolder(t), 'fault.mjs');
  const code = `import cluster from 'node:cluster';
    const send = process.send;
    if (cluster.isWorker) process.send = (message, ...more) => {
      if (message.kind === 'ready') setTimeout(() => process.exit(7), 50);
      return send.call(process, message, ...more);
    };`;
  writeFileSync(fault, code);
  const redis = await startRedis(t);
  const NODE_OPTIONS = `--import ${pathToFileURL(fault).href}`;
  const { program } = await runWithTenant(
    t,
    { ...inRedis(redis.url), NODE_OPTIONS },
    { args: ['--workers', '1'] },
  );
  assert.equal(await program.ended, 1);
  assert.match(program.output.stderr, /gives up, because its workers exit as soon as they start/);
  const ends = eventsOf(program, 'worker_exited');
  assert.equal(ends.length, 5);
  for (const { detail } of ends) assert.equal(detail, 'ended with exit code 7');
});

describe('--workers is rejected', () => {
  test('with sessions in memory, which processes cannot share', async (t) => {
    const cwd = emptyFolder(t);
    writeConfig(cwd, { authority: 'http://127.0.0.1:9/x.onmicrosoft.com', port: await freePort() });
    const env = { CLIENT_SECRET: 'x' };
    const program = runProgram(t, ['--workers', 'auto'], { cwd, env });
    assert.equal(await program.ended, 1);
    assert.match(program.output.stderr, /^session\.store: must be shared with --workers/m);
    assert.equal(program.output.stdout, '');
  });

  test('in the demo', async (t) => {
    const program = runProgram(t, ['--workers', '2'], { cwd: emptyFolder(t) });
    assert.equal(await program.ended, 1);
    assert.match(program.output.stderr, /The demo runs as a single process: remove --workers/);
  });
});

test('a port in use is reported once, regardless of the number of workers', { skip }, async (t) => {
  const redis = await startRedis(t);
  const cwd = emptyFolder(t);
  writeConfig(cwd, { authority: 'http://127.0.0.1:9/x.onmicrosoft.com', port: redis.port });
  const env = { CLIENT_SECRET: 'x', ...inRedis(redis.url) };
  const program = runProgram(t, ['--workers', '2'], { cwd, env });
  assert.equal(await program.ended, 1);
  assert.equal(program.output.stderr.match(/is in use/g)?.length, 1);
});
