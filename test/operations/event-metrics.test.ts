import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseConfig } from '../../dist/config/parse-config.js';
import { formatExposition } from '../../dist/operations/exposition.js';
import { createMetrics } from '../../dist/operations/metrics.js';
import { startApp } from '../support/app.js';
import { parseExposition, scrapedValue } from '../support/exposition.js';
import { recordLog } from '../support/log.js';
import { skipWithoutRedis, startRedis } from '../support/redis.js';

function start(t: TestContext) {
  const config = parseConfig(
    {
      tenant: { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com' },
      client: { id: 'f0b6e55f-0000-4000-8000-00000000a001', secret: 'x' },
      policies: { signIn: 'B2C_1_susi' },
      session: { secrets: ['a-session-secret-for-tests-of-40-letters'] },
      errors: { AADB2C12345: { goBack: true } },
    },
    { env: {}, readFile: () => '', resolvePath: String, isFolder: () => true },
  );
  const metrics = createMetrics({ version: '1', config, system: process });
  t.after(() => metrics.close());
  const written = recordLog('error');
  const scrape = () => parseExposition(formatExposition([metrics.snapshot()]));
  return { metrics, log: metrics.log(written), written, scrape };
}

test('a line is forwarded unchanged, and counted at every level', (t) => {
  const { log, written, scrape } = start(t);
  log.debug('sign_in_started', { policy: 'signIn' });
  log.error('request_failed', { code: 'internal_error' });
  assert.deepEqual(
    written.lines.map((line) => JSON.parse(line).code),
    ['internal_error'],
  );
  const families = scrape();
  assert.equal(scrapedValue(families, 'b2c_signin_events_total'), 2);
  const labels = { policy: 'signIn' };
  assert.equal(scrapedValue(families, 'b2c_signin_sign_ins_started_total', labels), 1);
});

test('invented codes create at most a hundred values, and displace no known code', (t) => {
  const { log, scrape } = start(t);
  for (let i = 0; i < 100_000; i += 1) {
    const providerCode = `AADB2C${String(i).padStart(5, '0')}`;
    if (!/12345|90118/.test(providerCode)) log.info('sign_in_failed', { providerCode });
  }
  log.info('sign_in_failed', { providerCode: 'AADB2C9"} 1\n' });
  log.info('sign_in_diverted', { providerCode: 'AADB2C90118' });
  log.info('sign_in_cancelled', { providerCode: 'AADB2C12345' });
  const families = scrape();
  const name = 'b2c_signin_provider_codes_total';
  assert.equal(families.get(name)?.samples.length, 101);
  for (const code of ['AADB2C90118', 'AADB2C12345']) {
    assert.equal(scrapedValue(families, name, { code }), 1, code);
  }
  assert.equal(scrapedValue(families, name, {}), 100_001);
});

test('counts why a session ended, as far as the server knows', (t) => {
  const { log, scrape } = start(t);
  log.info('session_expired', { session: 'x' });
  log.info('session_expired', { session: 'x', code: 'grant_refused' });
  log.info('sign_out', { session: 'x' });
  const families = scrape();
  for (const reason of ['expired', 'refresh_refused', 'sign_out']) {
    assert.equal(scrapedValue(families, 'b2c_signin_sessions_ended_total', { reason }), 1, reason);
  }
});

const skip = skipWithoutRedis();

test('every store command is counted with its outcome and duration', {
  skip,
}, async (t) => {
  const server = await startRedis(t);
  const store = { kind: 'redis', url: server.url, timeoutMs: 300 };
  const app = await startApp(t, { config: { session: { store } } });
  const browser = await app.signedIn();
  const { log, scrape } = start(t);
  const asked = () => app.log.of('store_command');
  const before = asked().length;
  await browser.get('/auth/me');
  const [line, ...others] = asked().slice(before);
  assert.deepEqual(others, [], 'one command for one request');
  assert.deepEqual([line?.['command'], line?.['outcome']], ['get', 'ok']);
  await server.kill();
  assert.equal((await browser.get('/auth/me')).status, 503);
  assert.equal(asked().at(-1)?.['outcome'], 'unreachable');
  for (const { command, outcome, durationMs } of asked() as never[]) {
    log.debug('store_command', { command, outcome, durationMs });
  }
  const families = scrape();
  const name = 'b2c_signin_store_command_duration_seconds';
  assert.equal(scrapedValue(families, `${name}_count`), asked().length);
  const good = { outcome: 'ok' };
  assert.ok(scrapedValue(families, `${name}_bucket`, { ...good, le: '0.25' }) > 0);
  const seconds = asked().reduce((sum, one) => sum + Number(one['durationMs']), 0) / 1_000;
  assert.ok(Math.abs(scrapedValue(families, `${name}_sum`) - seconds) < 1e-6);
});
