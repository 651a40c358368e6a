import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLog } from '../../dist/log/log.js';

function record(level: 'debug' | 'info' | 'silent') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, write: (line) => lines.push(line), now: () => 1234 }) };
}

test("an event is one JSON line with level, time and message in pino's format", () => {
  const { lines, log } = record('info');
  log.warn('sign_in_failed', { code: 'state_mismatch' });
  assert.deepEqual(lines, [
    '{"level":40,"time":1234,"msg":"sign_in_failed","code":"state_mismatch"}\n',
  ]);
});

test('events below the level are not written', () => {
  const { lines, log } = record('info');
  log.debug('sign_in_started');
  log.info('sign_out');
  assert.equal(lines.length, 1);
  const quiet = record('silent');
  quiet.log.error('request_failed');
  assert.equal(quiet.lines.length, 0);
});

test('the level can be changed at any time', () => {
  const { lines, log } = record('silent');
  log.setLevel('debug');
  log.debug('sign_in_started');
  log.setLevel('error');
  log.warn('csrf_refused');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).msg),
    ['sign_in_started'],
  );
});

describe('a field is one string in one JSON object on one line, whatever its characters', () => {
  const rows: [string, string][] = [
    ['line breaks', 'a\r\nb\nc'],
    ['a line of the log', '"}\n{"level":30,"msg":"sign_in_completed"}'],
    ['separators of Unicode', 'a\u2028b\u2029c\u0085d'],
    ['quotes and backslashes', '"\\"\\\\u0022'],
    ['escape sequences', '\u001b[31m \u001b]0;title\u0007 \u009b2J \u0090q'],
    ['a delete and a null', '\u007f\u0000\u0008'],
    ['turned direction', '\u202egnp.exe\u202c \u2066x\u2069 \u200f \u061c'],
    ['half a character', 'a\ud83d'],
    ['a byte order mark', '\ufeffa'],
  ];
  for (const [name, detail] of rows) {
    test(name, () => {
      const { lines, log } = record('debug');
      log.info('request_failed', { detail });
      const [line = ''] = lines;
      assert.equal(lines.length, 1);
      assert.match(line, /^[^\n]*\n$/);
      assert.doesNotMatch(line.trimEnd(), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      assert.equal(JSON.parse(line).detail, detail);
    });
  }
  test('16 kB, of which the beginning is kept', () => {
    const { lines, log } = record('debug');
    log.info('request_failed', { detail: 'x'.repeat(16_384), path: '/' });
    assert.ok((lines[0]?.length ?? 0) < 700);
    assert.equal(JSON.parse(lines[0] ?? '').detail, 'x'.repeat(512));
  });
});
