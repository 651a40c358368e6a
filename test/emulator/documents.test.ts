/** The documents of the emulator have every fault, call and setting. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OPERATIONS } from '../../dist/emulator/admin/admin-operations.js';
import { configurationSchema } from '../../dist/emulator/definition/schema.js';
import { FAULT_NAMES } from '../../dist/emulator/endpoints/faults.js';

const page = (name: string) =>
  readFileSync(new URL(`../../docs/emulator/${name}.md`, import.meta.url), 'utf8');
const section = (name: string, heading: string) =>
  page(name)
    .split(`\n${heading}\n`)[1]
    ?.split(/^#{2,3} /m)[0] ?? '';

test('every fault is documented, and every documented fault exists', () => {
  const rows = section('faults', '## Faults').matchAll(/^\| (`[^|]+) \|/gm);
  const documented = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z0-9_]+)`/g)].map(([, name = '']) => name),
  );
  assert.deepEqual(documented.sort(), [...FAULT_NAMES]);
});

test('every call is documented, and every documented call exists', () => {
  const rows = section('test-interface', '## Calls').matchAll(
    /^\| `([A-Z]+) (\/_emulator\/[^`]*)` \|/gm,
  );
  const documented = [...rows].map(([, method, path]) => `${method} ${path}`);
  const calls = Object.entries(OPERATIONS).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} /_emulator/${path}`),
  );
  assert.deepEqual(documented.sort(), calls.sort());
});

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

function settingNames(schema: Schema): string[] {
  const inside = [schema.items, ...(schema.anyOf ?? [])].filter((schema) => schema !== undefined);
  const members = Object.entries(schema.properties ?? {});
  return [
    ...members.map(([name]) => name),
    ...members.flatMap(([, member]) => settingNames(member)),
    ...inside.flatMap(settingNames),
  ];
}

test('every setting is documented', () => {
  const pages = ['settings', 'accounts-and-mailbox', 'identity-providers', 'pages'].map(page);
  for (const name of new Set(settingNames(configurationSchema() as Schema))) {
    assert.ok(new RegExp(`[.\`"]${name.replace('$', '\\$')}[\`".]`).test(pages.join('\n')), name);
  }
});
