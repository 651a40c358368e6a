import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../dist/log.js';

function record(level: 'debug' | 'info' | 'silent') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, write: (line) => lines.push(line), now: () => 1234 }) };
}

test('an event is one JSON line with level, time and message as pino writes them', () => {
  const { lines, log } = record('info');
  log.warn('sign_in_failed', { code: 'state_mismatch' });
  assert.deepEqual(lines, [
    '{"level":40,"time":1234,"msg":"sign_in_failed","code":"state_mismatch"}\n',
  ]);
});

test('events below the level are left out', () => {
  const { lines, log } = record('info');
  log.debug('sign_in_started');
  log.info('sign_out');
  assert.equal(lines.length, 1);
  const quiet = record('silent');
  quiet.log.error('request_failed');
  assert.equal(quiet.lines.length, 0);
});

test('no field can break out of its line, and long ones are cut', () => {
  const { lines, log } = record('debug');
  log.info('request_failed', { detail: `a\r\n"}{\u2028\u2029\u001b[31m${'x'.repeat(2000)}` });
  assert.equal(lines.length, 1);
  const line = lines[0] ?? '';
  assert.equal(line.trimEnd().split(/[\r\n\u2028\u2029\u0085]/).length, 1);
  assert.doesNotMatch(line, /\u001b/);
  assert.equal(JSON.parse(line).detail.length, 512);
});
