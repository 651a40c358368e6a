/** docs/doctor.md and the codes of docs/errors.md say what the program says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHECKS } from '../../dist/doctor/catalogue.js';
import { AZURE_AD_B2C_ACTIONS } from '../../dist/oidc/error-response.js';
import { EXPLAINED_CODES, explainCode } from '../../dist/oidc/provider-codes.js';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test('every check is documented by its id, with its title, what it means and what to do', () => {
  const rows = [
    ...read('docs/doctor.md').matchAll(/^\| `([a-z.-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm),
  ];
  const documented = rows.map(([, id = '', title = '']) => [id, title]);
  assert.deepEqual(documented, Object.entries(CHECKS));
});

test('every code that is explained stands in docs/errors.md in the same words', () => {
  const [, table = ''] = read('docs/errors.md').split('## What codes mean to developers');
  const documented = table.match(/^\| `AAD.+$/gm) ?? [];
  const rows = EXPLAINED_CODES.map((code) => {
    const { cause, fix } = explainCode(code) ?? {};
    return `| \`${code}\` | ${cause} | ${fix} |`;
  });
  assert.deepEqual(documented, rows);
});

test('every code is explained that this program reacts to, or that its local tenant gives', () => {
  const emulated = read('src/emulator/tokens/b2c-error.ts').match(/AADB2C\d{5}(?=: \[)/g) ?? [];
  assert.ok(emulated.length > 40);
  for (const code of [...emulated, ...Object.keys(AZURE_AD_B2C_ACTIONS)]) {
    assert.ok(explainCode(code), code);
  }
});
