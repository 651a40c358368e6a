// A strict parser of the format reads the metrics of the real program after sign-ins.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createBrowser } from '../support/browser.js';
import { parseExposition, scrapedValue } from '../support/exposition.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { runProgram, runWithTenant, writeConfig } from '../support/program.js';
import { until } from '../support/redis.js';

const AS = 'bob@example.com';

async function runWithOperations(t: TestContext, env: Record<string, string> = {}) {
  const port = await freePort();
  const running = await runWithTenant(t, { B2C_SIGNIN_OPERATIONS_PORT: String(port), ...env });
  const operator = createBrowser(`http://127.0.0.1:${port}`);
  return {
    ...running,
    operator,
    async scrape() {
      const { status, headers, body } = await operator.get('/metrics');
      assert.equal(status, 200);
      assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
      return parseExposition(body);
    },
    /** Runs a policy at the provider, and returns with the outcome `how`. */
    async visit(how: Parameters<typeof running.control.authorize>[1], path = '/auth/sign_in') {
      const browser = running.browser();
      const { location } = await browser.get(path);
      return browser.get(await running.control.authorize(location, how));
    },
  };
}

test('sign-ins are counted by policy and outcome, also without log lines', async (t) => {
  const env = { B2C_SIGNIN_LOG_LEVEL: 'silent' };
  const { visit, scrape, signedIn, control, browser, program } = await runWithOperations(t, env);
  const before = await scrape();
  const name = 'b2c_signin_sign_ins_total';
  for (const policy of ['signIn', 'editProfile', 'resetPassword']) {
    const samples = before.get(name)?.samples.filter(({ labels }) => labels['policy'] === policy);
    assert.deepEqual(
      samples?.map(({ labels, value }) => [labels['outcome'], value]),
      ['completed', 'cancelled', 'diverted', 'failed'].map((outcome) => [outcome, 0]),
      policy,
    );
  }
  const visitor = await signedIn();
  await signedIn();
  await visit({ cancel: true });
  await visit({ forgotPassword: true });
  await visit({ as: AS }, '/auth/reset_password');
  await visit({ error: 'AADB2C90157' });
  await control.fault('token_500', { times: 1 });
  await visit({ as: AS });
  await browser().get('/auth/redirect?state=forged&code=forged');
  await visitor.post('/auth/sign_out');
  await visitor.get('/auth/nowhere');

  const after = await scrape();
  const count = (metric: string, labels: Record<string, string>) =>
    scrapedValue(after, metric, labels);
  assert.equal(count(name, { policy: 'signIn', outcome: 'completed' }), 2);
  assert.equal(count(name, { policy: 'signIn', outcome: 'cancelled' }), 1);
  assert.equal(count(name, { policy: 'signIn', outcome: 'diverted' }), 1);
  assert.equal(count(name, { policy: 'signIn', outcome: 'failed' }), 2);
  assert.equal(count(name, { policy: 'resetPassword', outcome: 'completed' }), 1);
  assert.equal(count(name, { policy: 'none', outcome: 'failed' }), 1);
  assert.equal(count('b2c_signin_sign_ins_started_total', { policy: 'signIn' }), 7);
  assert.equal(count('b2c_signin_sign_ins_started_total', { policy: 'resetPassword' }), 2);
  const failures = 'b2c_signin_sign_in_failures_total';
  for (const code of ['sign_in_refused', 'provider_unreachable', 'callback_without_attempt']) {
    assert.equal(count(failures, { code }), 1, code);
  }
  const codes = 'b2c_signin_provider_codes_total';
  for (const code of ['AADB2C90091', 'AADB2C90118', 'AADB2C90157']) {
    assert.equal(count(codes, { code }), 1, code);
  }
  assert.equal(count(codes, { code: 'AADB2C90289' }), 0);
  const calls = 'b2c_signin_provider_call_duration_seconds_count';
  assert.equal(count(calls, { call: 'token', outcome: 'ok' }), 3);
  assert.equal(count(calls, { call: 'token', outcome: 'provider_unreachable' }), 1);
  assert.equal(count(calls, { call: 'metadata', outcome: 'ok' }), 3);
  assert.ok(count(calls, { call: 'keys', outcome: 'ok' }) >= 1);
  assert.equal(count('b2c_signin_sessions_started_total', {}), 2);
  assert.equal(count('b2c_signin_sessions_ended_total', { reason: 'sign_out' }), 1);
  assert.equal(count('b2c_signin_sessions', {}), 1);
  assert.equal(count('b2c_signin_events_total', { event: 'request_failed' }), 1);
  assert.ok(count('b2c_signin_http_responses_total', { status: '3xx' }) >= 8);
  assert.equal(count('b2c_signin_http_responses_total', { status: '5xx' }), 1);
  assert.equal(program.output.stdout, '');
});

test('responses of the gate are counted by status', async (t) => {
  const env = { B2C_SIGNIN_GATE_ALLOWED_HOSTS: 'app.example.com' };
  const { scrape, signedIn, browser } = await runWithOperations(t, env);
  const visitor = await signedIn();
  const original = { host: 'app.example.com', 'x-original-url': 'http://app.example.com/x' };
  for (let i = 0; i < 3; i += 1) {
    assert.equal((await visitor.get('/auth/verify', original)).status, 202);
  }
  assert.equal((await browser().get('/auth/verify', original)).status, 401);
  const families = await scrape();
  const name = 'b2c_signin_gate_responses_total';
  assert.equal(scrapedValue(families, name, { status: '202' }), 3);
  assert.equal(scrapedValue(families, name, { status: '401' }), 1);
  assert.equal(scrapedValue(families, name), 4);
});

test('docs/monitor.md names every metric', async (t) => {
  const { visit, scrape, signedIn } = await runWithOperations(t);
  await signedIn();
  await visit({ error: 'AADB2C90157' });
  const families = await scrape();
  const document = readFileSync(new URL('../../docs/monitor.md', import.meta.url), 'utf8');
  const rows = [...document.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \| ([^|]*)\|/gm)];
  const documented = rows.map(([, name = '', type = '', labels = '']) => [
    name,
    type,
    [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).join(),
  ]);
  const answered = [...families].map(([name, { type, samples }]) => {
    const labels = Object.keys(samples[0]?.labels ?? {}).filter((label) => label !== 'le');
    // Metrics of events that did not happen here have no sample.
    const unseen = documented.find(([own]) => own === name)?.[2] ?? '';
    return [name, type, samples.length > 0 ? labels.join() : unseen];
  });
  assert.deepEqual(documented.sort(), answered.sort());
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  assert.equal(scrapedValue(families, 'b2c_signin_build_info', { version }), 1);
  const now = Date.now() / 1_000;
  const started = scrapedValue(families, 'process_start_time_seconds');
  assert.ok(started <= now && started > now - 60, String(started));
  assert.ok(scrapedValue(families, 'process_resident_memory_bytes') > 10_000_000);
  assert.ok(scrapedValue(families, 'process_cpu_seconds_total') > 0.05);
  assert.ok(scrapedValue(families, 'b2c_signin_open_connections') >= 1);
});

test('metrics are only at their listener, which serves nothing else', async (t) => {
  const { operator, browser, signedIn } = await runWithOperations(t);
  const visitor = await signedIn();
  for (const path of ['/metrics', '/auth/metrics']) {
    assert.equal((await visitor.get(path)).status, 404, path);
    assert.equal((await browser().get(path, { host: '127.0.0.1:9464' })).status, 404, path);
  }
  for (const path of ['/', '/auth/me', '/auth/sign_in', '/metrics/', '/METRICS', '/metrics%3f']) {
    const { status, body } = await operator.get(path);
    assert.deepEqual([status, body], [404, ''], path);
  }
  const posted = await operator.post('/metrics');
  assert.deepEqual([posted.status, posted.headers['allow']], [405, 'GET, HEAD']);
  const head = await operator.send('HEAD', '/metrics');
  assert.deepEqual([head.status, head.body], [200, '']);
});

test('health is the same at both listeners', async (t) => {
  const { operator, browser } = await runWithOperations(t);
  const same = async (path: string) => {
    const [own, open] = await Promise.all([operator.get(path), browser().get(path)]);
    assert.deepEqual([own.status, own.body], [open.status, open.body]);
    return own;
  };
  assert.equal((await same('/healthz')).body, '{"status":"ok"}');
  // While metadata loads, two simultaneous requests can get different responses.
  await until(async () => (await operator.get('/readyz')).status === 200);
  assert.equal((await same('/readyz')).body, '{"status":"ready"}');
});

test('while the provider is down, failed sign-ins are counted, and the server is not ready', async (t) => {
  const [port, operations] = [await freePort(), await freePort()];
  const cwd = emptyFolder(t);
  writeConfig(cwd, { authority: 'http://127.0.0.1:9/x.onmicrosoft.com', port });
  const env = { CLIENT_SECRET: 'x', B2C_SIGNIN_OPERATIONS_PORT: String(operations) };
  const program = runProgram(t, [], { cwd, env });
  await program.says(`port ${port}`);
  assert.equal((await createBrowser(`http://localhost:${port}`).get('/auth/sign_in')).status, 503);
  const operator = createBrowser(`http://127.0.0.1:${operations}`);
  const [own, open] = [operator, createBrowser(`http://localhost:${port}`)];
  const ready = await own.get('/readyz');
  assert.deepEqual([ready.status, ready.body], [503, (await open.get('/readyz')).body]);
  const families = parseExposition((await operator.get('/metrics')).body);
  const failed = { policy: 'signIn', outcome: 'failed' };
  assert.equal(scrapedValue(families, 'b2c_signin_sign_ins_total', failed), 1);
  const calls = { call: 'metadata', outcome: 'provider_unreachable' };
  const name = 'b2c_signin_provider_call_duration_seconds_count';
  assert.ok(scrapedValue(families, name, calls) >= 1);
});

test('does not start with the port of the public listener or a taken port', async (t) => {
  const cwd = emptyFolder(t);
  const port = await freePort();
  writeConfig(cwd, { authority: 'http://127.0.0.1:9/x.onmicrosoft.com', port });
  const run = (operationsPort: number) =>
    runProgram(t, [], {
      cwd,
      env: { CLIENT_SECRET: 'x', B2C_SIGNIN_OPERATIONS_PORT: String(operationsPort) },
    });
  const same = run(port);
  assert.equal(await same.ended, 1);
  assert.match(same.output.stderr, /^operations\.port: must differ from listen\.port$/m);
  const taken = await freePort();
  const other = createServer().listen(taken, '127.0.0.1');
  t.after(() => other.close());
  const second = run(taken);
  assert.equal(await second.ended, 1);
  assert.match(
    second.output.stderr,
    new RegExp(`operations: cannot listen on 127\\.0\\.0\\.1, port ${taken} \\(EADDRINUSE\\)`),
  );
});
