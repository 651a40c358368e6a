import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readAppSettings } from '../../../dist/emulator/policy-files/app-settings.js';
import { RULES } from '../../../dist/emulator/policy-files/rules.js';
import { emptyFolder } from '../../support/folder.js';

const document = readFileSync(new URL('../../../docs/custom-policies.md', import.meta.url), 'utf8');

test('docs/custom-policies.md has the table of rules', () => {
  const [, table = ''] = document.split('## Rules\n');
  const documented = table
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

test('the messages of docs/custom-policies.md have the rules and fixes of today', () => {
  const messages = [...document.matchAll(/: (error|warning) ([a-z-]+) .*? Fix: (.*)/g)];
  assert.equal(messages.length, 2);
  for (const [, severity = '', id = '', fix] of messages) {
    assert.deepEqual(
      [RULES[id as keyof typeof RULES].severity, RULES[id as keyof typeof RULES].fix],
      [severity, fix],
    );
  }
});

test('the JSON of docs/custom-policies.md is a report and an appsettings.json', (t) => {
  const [report = '', settings = ''] = [...document.matchAll(/```json\n([\s\S]*?)```/g)].map(
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
