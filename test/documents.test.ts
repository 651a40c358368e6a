import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { settingTypes } from '../dist/config/environment.js';
import { AZURE_AD_B2C_ACTIONS } from '../dist/oidc/error-response.js';
import { errorPageFor } from '../dist/pages/error-page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** The members of a union type of string literals, read from the source. */
function membersOf(file: string, type: string): string[] {
  const declaration = new RegExp(`export type ${type} =([^;]+);`).exec(read(file))?.[1] ?? '';
  return [...declaration.matchAll(/'([a-z_]+)'/g)].map(([, name = '']) => name);
}

test('every setting is documented, and every documented setting exists', () => {
  const schema = JSON.parse(read('config.schema.json'));
  const settings = [...settingTypes(schema).keys()].sort();
  const [, table = ''] = read('docs/configuration.md').split('## Settings');
  const documented = [...(table.split('## ')[0] ?? '').matchAll(/^\| ([^|]+) \|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    .sort();
  assert.deepEqual(documented, settings);
});

test('every error code is documented with the status that visitors get', () => {
  const codes = membersOf('src/errors.ts', 'SignInErrorCode');
  assert.ok(codes.length > 15);
  const rows = new Map(
    [...read('docs/errors.md').matchAll(/^\| `([a-z_]+)` \| (\d*) *\|/gm)].map(
      ([, code = '', status = '']) => [code, status],
    ),
  );
  assert.deepEqual([...rows.keys()].sort(), codes.sort());
  for (const [code, status] of rows) {
    if (status) assert.equal(errorPageFor(code as never).status, Number(status), code);
  }
});

test('every code of Azure AD B2C that is known has a row with what happens and a sentence of advice', () => {
  const [, table = ''] = read('docs/errors.md').split('## Codes of Azure AD B2C');
  for (const code of Object.keys(AZURE_AD_B2C_ACTIONS)) {
    const row = table.split('\n').find((line) => line.startsWith(`| \`${code}\``));
    const [, , happened = '', reaction = '', advice = ''] = (row ?? '').split('|');
    assert.ok(happened.trim() && reaction.trim(), `${code} has no row`);
    assert.match(advice, /^ [A-Z].+\. $/, code);
  }
});

test('every event of the log is documented', () => {
  const [, table = ''] = read('docs/errors.md').split('## Events in the log');
  const documented = [...table.matchAll(/^\| (`[^|]+) \|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name))
    .sort();
  assert.deepEqual(documented, membersOf('src/log/log.ts', 'LogEvent').sort());
});

test('every row of the tables of SECURITY.md names its test, or says why there is none', () => {
  const [, tables = ''] = read('SECURITY.md').split('## Limits');
  const rows = tables.split('\n').filter((line) => /^\| (?!limit|requirement|advisory)/.test(line));
  assert.ok(rows.length > 100);
  const without = rows.filter((row) => !row.includes('`test/'));
  for (const row of without) {
    assert.match(row, /\b(not met|does not apply|for the operator|no test of its own)\b/);
  }
});

test('every test that SECURITY.md names exists', () => {
  const named = [...read('SECURITY.md').matchAll(/`(test\/[^`]+)`((?:,? "[^"]+")*)/g)];
  assert.ok(named.length > 100);
  for (const [, file = '', titles = ''] of named) {
    const text = read(file);
    for (const [, title = ''] of titles.matchAll(/"([^"]+)"/g)) {
      assert.ok(text.includes(title), `${file}: ${title}`);
    }
  }
});

test('no key and no configuration of anybody is in the package', () => {
  const { files } = JSON.parse(read('package.json'));
  const folders = (files as string[]).filter((name) => !name.startsWith('!'));
  const packed = folders.flatMap((name) =>
    statSync(path.join(root, name)).isDirectory()
      ? readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' })
          .map((inner) => `${name}/${inner}`)
          .filter((file) => statSync(path.join(root, file)).isFile())
      : [name],
  );
  assert.ok(packed.length > 100);
  for (const file of packed) {
    assert.doesNotMatch(file, /(^|\/)config\.json$|\.(pem|key|env|secret)$/);
    assert.doesNotMatch(read(file), /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\w{20}/, file);
  }
  assert.match(read('.gitignore'), /^config\.json$/m);
});

test('no template or source leads to a foreign host', () => {
  for (const name of readdirSync(path.join(root, 'templates')).filter((n) => n.endsWith('.eta'))) {
    assert.doesNotMatch(read(`templates/${name}`), /https?:\/\/(?!www\.w3\.org)/, name);
  }
});
