/** docs/doctor.md and the codes of docs/errors.md say what the program says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHECKS } from '../../dist/doctor/catalogue.js';
import { categorizeCode, EXPLAINED_CODES, explainCode } from '../../dist/oidc/provider-codes.js';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test('every check is documented by its id, with its title, what it means and what to do', () => {
  const rows = [
    ...read('docs/doctor.md').matchAll(
      /^\| `([a-z0-9.-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm,
    ),
  ];
  const documented = rows.map(([, id = '', title = '']) => [id, title]);
  assert.deepEqual(documented, Object.entries(CHECKS));
});

test('docs/errors.md has every explained code, with its category, cause and fix', () => {
  const [, table = ''] = read('docs/errors.md').split('## Codes of Azure AD B2C');
  const rows = [
    ...table.matchAll(/^\| `(AAD\w+)` \| ([a-z-]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm),
  ].map(([, code, category, cause, , fix]) => [code, category, cause, fix]);
  const explained = EXPLAINED_CODES.map((code) => {
    const { cause, fix } = explainCode(code) ?? {};
    return [code, categorizeCode(code), cause, fix];
  });
  assert.deepEqual(rows, explained);
  assert.ok(rows.length > 120);
});

test('every code that the emulator returns is explained', () => {
  const emulated = read('src/emulator/tokens/b2c-error.ts').match(/AADB2C\d{5}(?=: \[)/g) ?? [];
  assert.ok(emulated.length > 40);
  for (const code of emulated) assert.ok(explainCode(code), code);
});
