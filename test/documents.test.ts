import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { settingTypes } from '../dist/config/environment.js';
import { ERROR_CODES, type SignInErrorCode } from '../dist/errors.js';
import { EXPLAINED_CODES, explainCode } from '../dist/oidc/provider-codes.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const CODES = Object.keys(ERROR_CODES) as SignInErrorCode[];

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

test('every error code is documented with its status, and with `advice` where the log has it', () => {
  const document = read('docs/errors.md');
  const rows = [...document.matchAll(/^\| `([a-z_]+)` \| (\d*) *\|/gm)].slice(0, CODES.length);
  assert.deepEqual(rows.map(([, code]) => code).sort(), CODES.toSorted());
  for (const [, code = '', status] of rows) {
    if (status) assert.equal(ERROR_CODES[code as SignInErrorCode].status, Number(status), code);
  }
  const [, advice = ''] = /recommends it in `advice` for (.+?)\./s.exec(document) ?? [];
  assert.deepEqual(
    [...advice.matchAll(/`(\w+)`/g)].map(([, code]) => code).sort(),
    CODES.filter((code) => ERROR_CODES[code].doctor).sort(),
  );
});

test('every code of a provider is explained with a cause and a fix that are sentences', () => {
  assert.ok(EXPLAINED_CODES.length > 120);
  for (const code of EXPLAINED_CODES) {
    const { cause = '', fix = '' } = explainCode(code) ?? {};
    for (const sentence of [cause, fix]) assert.match(sentence, /^[A-Zm][^|]+\.$/, code);
  }
});

test('every event of the log is documented', () => {
  const [, table = ''] = read('docs/errors.md').split('## Events in the log');
  const documented = [...table.matchAll(/^\| (`[^|]+) \|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name))
    .sort();
  assert.deepEqual(documented, membersOf('src/log/log.ts', 'LogEvent').sort());
});

const SECURITY_TABLES = ['limits', 'asvs', 'advisories'].map((name) => `docs/security/${name}.md`);

test('every row of the tables in docs/security names its test, or says why it has no test', () => {
  const lines = SECURITY_TABLES.flatMap((file) => read(file).split('\n'));
  const rows = lines.filter((line) => /^\| (?!limit \||requirement \||advisory \|)/.test(line));
  assert.ok(rows.length > 100);
  const without = rows.filter((row) => !row.includes('`test/'));
  for (const row of without) {
    assert.match(row, /\b(not met|does not apply|for the operator|no separate test)\b/);
  }
});

test('every test that SECURITY.md and docs/security name exists', () => {
  const text = ['SECURITY.md', ...SECURITY_TABLES].map(read).join('\n');
  const named = [...text.matchAll(/`(test\/[^`]+)`((?:,?\s+"[^"]+")*)/g)];
  assert.ok(named.length > 100);
  for (const [, file = '', titles = ''] of named) {
    const source = read(file);
    for (const [, title = ''] of titles.matchAll(/"([^"]+)"/g)) {
      assert.ok(source.includes(title), `${file}: ${title}`);
    }
  }
});

test('every guarantee of SECURITY.md names its test', () => {
  const [, section = ''] = read('SECURITY.md').split('## Guarantees\n');
  const guarantees = (section.split('\n## ')[0] ?? '').split('\n- ').slice(1);
  assert.ok(guarantees.length > 10);
  for (const guarantee of guarantees) assert.match(guarantee, /\*Test:\*\s+`test\//);
});

test('the package contains no key and no private configuration', () => {
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
