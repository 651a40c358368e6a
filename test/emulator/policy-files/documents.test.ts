import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readAppSettings } from '../../../dist/emulator/policy-files/app-settings.js';
import { RULES } from '../../../dist/emulator/policy-files/rules.js';
import { examplesOf, linkPackage, ROOT } from '../../support/examples.js';
import { emptyFolder } from '../../support/folder.js';
import { GOOD_CHAIN } from './good-chain.js';

const read = (page: string) =>
  readFileSync(new URL(`../../../docs/custom-policies/${page}.md`, import.meta.url), 'utf8');
const check = read('check');

test('docs/custom-policies/rules.md has the table of rules', () => {
  const documented = read('rules')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '));
  const expected = Object.entries(RULES).map(([id, { severity, sentence, fix }]) => [
    `\`${id}\``,
    severity,
    sentence,
    fix.replaceAll(/<[^>]+>/g, '`$&`'),
  ]);
  assert.deepEqual(documented, expected);
});

test('every rule has a sentence and a fix, each with a full stop', () => {
  for (const [id, { sentence, fix }] of Object.entries(RULES)) {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.match(sentence, /^[A-Z`].*\.$/);
    assert.match(fix, /^[A-Z].*[.…>]$/);
  }
});

test('the messages of docs/custom-policies/check.md have the rules and fixes of today', () => {
  const messages = [...check.matchAll(/: (error|warning) ([a-z-]+) .*? Fix: (.*)/g)];
  assert.equal(messages.length, 2);
  for (const [, severity = '', id = '', fix] of messages) {
    assert.deepEqual(
      [RULES[id as keyof typeof RULES].severity, RULES[id as keyof typeof RULES].fix],
      [severity, fix],
    );
  }
});

test('the JSON of docs/custom-policies/check.md is a report and an appsettings.json', (t) => {
  const [report = '', settings = ''] = [...check.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );
  const [fault] = JSON.parse(report).errors;
  assert.equal(RULES[fault.rule as keyof typeof RULES].fix, fault.fix);
  const folder = emptyFolder(t);
  writeFileSync(path.join(folder, 'appsettings.json'), settings);
  const { tenant, values } = readAppSettings(folder, 'test') ?? {};
  assert.deepEqual(
    [tenant, values?.get('apihost')],
    ['contoso.onmicrosoft.com', 'test.example.com'],
  );
});

test('the test of docs/custom-policies/test.md passes, and reaches the documented branches', async (t) => {
  const folder = emptyFolder(t);
  const [example = ''] = examplesOf('docs/custom-policies/test.md').values();
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'policy.test.js'), example);
  cpSync(GOOD_CHAIN, path.join(folder, 'policies'), { recursive: true });
  linkPackage(folder, 'b2c-signin', path.dirname(ROOT), path.basename(ROOT));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ['--test', '--test-reporter=tap', 'policy.test.js'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  assert.match(stdout, /^# pass 1$/m);
  const [, branches = 'none'] = /`(\d+ of \d+ branches \(\d+ %\))`/.exec(read('test')) ?? [];
  assert.ok(stdout.includes(branches), stdout);
});
