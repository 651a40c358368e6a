import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLogLevelControl } from '../../dist/operations/log-level.js';
import { recordLog } from '../support/log.js';
import { runWithTenant, skipWithoutSignals } from '../support/program.js';

const TEN_MINUTES_MS = 600_000;

function start(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const log = recordLog('warn');
  const level = createLogLevelControl(log, { level: 'warn' });
  const events = () => log.lines.map((line) => JSON.parse(line).msg);
  return { log, level, events, pass: (ms: number) => t.mock.timers.tick(ms) };
}

test('the level is debug for ten minutes, then the previous one', (t) => {
  const { log, level, events, pass } = start(t);
  log.info('listening');
  level.raise('SIGUSR2');
  log.debug('sign_in_started');
  pass(TEN_MINUTES_MS - 1);
  log.debug('sign_in_started');
  pass(1);
  log.info('listening');
  log.warn('csrf_refused');
  assert.deepEqual(events(), [
    'log_level_raised',
    'sign_in_started',
    'sign_in_started',
    'log_level_restored',
    'csrf_refused',
  ]);
});

test('another signal restarts the ten minutes', (t) => {
  const { log, level, events, pass } = start(t);
  level.raise('SIGUSR2');
  pass(TEN_MINUTES_MS - 1);
  level.raise('SIGUSR2');
  pass(TEN_MINUTES_MS - 1);
  log.debug('sign_in_started');
  pass(1);
  log.debug('sign_in_started');
  const raised = 'log_level_raised';
  assert.deepEqual(events(), [raised, raised, 'sign_in_started', 'log_level_restored']);
});

test('a level that is configured in the meantime applies after that time', (t) => {
  const { log, level, events, pass } = start(t);
  level.raise('SIGUSR2');
  level.set('error');
  log.debug('sign_in_started');
  pass(TEN_MINUTES_MS);
  log.warn('csrf_refused');
  level.set('info');
  log.info('listening');
  assert.deepEqual(events(), [
    'log_level_raised',
    'sign_in_started',
    'log_level_restored',
    'listening',
  ]);
});

test('SIGUSR2 raises the log level of the running program', {
  skip: skipWithoutSignals,
}, async (t) => {
  const env = { B2C_SIGNIN_LOG_LEVEL: 'silent' };
  const { program, browser } = await runWithTenant(t, env);
  await browser().get('/auth/sign_in');
  assert.equal(program.output.stdout, '');
  program.child.kill('SIGUSR2');
  await program.says('log_level_raised');
  await browser().get('/auth/sign_in');
  await program.says('sign_in_started');
  const [first = ''] = program.output.stdout.split('\n');
  const { msg, signal, durationMs } = JSON.parse(first);
  assert.deepEqual([msg, signal, durationMs], ['log_level_raised', 'SIGUSR2', TEN_MINUTES_MS]);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
});
