import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startApp } from '../support/app.js';
import { missingPackage } from './client-contract.js';

const NAME = 'pino-pretty';
const HERE = fileURLToPath(new URL('../../test/clients/', import.meta.url));
const PROGRAM = path.join(HERE, 'node_modules', NAME, 'bin.js');
const skip = missingPackage(NAME) ?? false;
const LEVELS: Record<number, string> = { 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR' };

test('pino-pretty reads every line: its time, level, event and fields', { skip }, async (t) => {
  const app = await startApp(t);
  await app.signedIn();
  await app.browser().get('/auth/redirect?state=x&code=y');
  await app.control.fault('token_500', { times: 1 });
  await app.signedIn().catch(() => {});
  // Characters that would break a line without escaping.
  app.log.warn('request_failed', { detail: 'a\nb\u2028{"level":30} \u001b[31m' });
  const pretty = execFileSync(process.execPath, [PROGRAM], {
    input: app.log.lines.join(''),
    encoding: 'utf8',
    env: { ...process.env, NODE_V8_COVERAGE: undefined, TZ: 'UTC' },
  });
  const heads = pretty.split('\n').filter((line) => /^\S/.test(line));
  const lines = app.log.lines.map((line) => JSON.parse(line));
  assert.ok(lines.length > 8);
  assert.deepEqual(new Set(lines.map(({ level }) => level)), new Set([20, 30, 40, 50]));
  assert.deepEqual(
    heads,
    lines.map(({ level, time, msg }) => {
      const clock = new Date(time).toISOString().slice(11, 23);
      return `[${clock}] ${LEVELS[level]}: ${msg}`;
    }),
  );
  for (const { level: _, time: __, msg: ___, ...fields } of lines) {
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string' && /\n/.test(value)) continue;
      assert.ok(pretty.includes(`    ${name}: ${JSON.stringify(value)}`), name);
    }
  }
});
