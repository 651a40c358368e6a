import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  findForbiddenImports,
  findImportCycles,
  importsIn,
  parseImportTable,
} from './support/import-rules.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = path.join(root, 'src');

const NODE_ONLY_IN_OIDC_AND_SESSION = /^node:(http|https|net)$/;

const sources = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name.split(path.sep).join('/'), readFileSync(path.join(src, name), 'utf8')]),
);
const rows = parseImportTable(readFileSync(path.join(root, 'docs/architecture.md'), 'utf8'));

test('each part of src imports only what its row in docs/architecture.md allows', () => {
  assert.deepEqual(findForbiddenImports(sources, rows), []);
});

test('each part in the table of docs/architecture.md exists', () => {
  const files = [...sources.keys()];
  const missing = rows
    .flatMap((row) => row.parts)
    .filter((part) => !files.some((file) => file === `${part}.ts` || file.startsWith(`${part}/`)));
  assert.deepEqual(missing, []);
});

test('no file of src is part of an import cycle, types included', () => {
  assert.deepEqual(findImportCycles(sources), []);
});

const TABLE = `
| part | may import |
|---|---|
| \`errors\` | node only |
| \`config\` | errors, zod |
| \`app\`, \`site\` | errors, type config, dynamic undici |
| \`emulator\` | emulator/endpoints |
| \`emulator/definition\` | node only |
| \`emulator/endpoints\` | emulator/definition |

The text after the table.
`;

describe('the import table refuses', () => {
  const refused = [
    ['a part that is not in the row', 'errors.ts', "import { a } from './config/tenant.ts';"],
    ['a package that is not in the row', 'app.ts', "import { z } from 'zod';"],
    ['a value where only types are allowed', 'site.ts', "import { a } from './config/a.ts';"],
    ['a static import where only import() is allowed', 'app.ts', "import { a } from 'undici';"],
    ['an export from another part', 'errors.ts', "export { a } from './app.ts';"],
    ['an import without names', 'errors.ts', "import './app.ts';"],
    ['import() of another part', 'errors.ts', "await import('./app.ts');"],
    [
      'an inner folder that imports an outer one',
      'emulator/definition/policy.ts',
      "import type { A } from '../endpoints/token.ts';",
    ],
    [
      'an inner folder that imports the root of its folder',
      'emulator/endpoints/token.ts',
      "import { a } from '../emulator.ts';",
    ],
    [
      'the root of a folder that skips a layer',
      'emulator/emulator.ts',
      "import { a } from './definition/policy.ts';",
    ],
  ] as const;
  for (const [title, file, text] of refused) {
    test(title, () => {
      const [problem = '', ...others] = findForbiddenImports(
        new Map([[file, text]]),
        parseImportTable(TABLE),
      );
      assert.match(problem, new RegExp(`^${file} must not import `));
      assert.deepEqual(others, []);
    });
  }

  for (const file of ['pages/page.ts', 'emulator/admin/dashboard.ts']) {
    test(`a folder without a row: ${file}`, () => {
      const problems = findForbiddenImports(new Map([[file, '']]), parseImportTable(TABLE));
      assert.deepEqual(problems, [
        `${file} belongs to no part: its folder needs a row in the table`,
      ]);
    });
  }
});

describe('the import table allows', () => {
  const allowed = [
    ['Node', 'errors.ts', "import path from 'node:path';"],
    ['another file of the part', 'config/tenant.ts', "import { a } from '../config.ts';"],
    ['another file that shares the row', 'app.ts', "import { a } from './site.ts';"],
    ['a package and a module of a package', 'config/a.ts', "import { z } from 'zod/mini';"],
    ['types where only types are allowed', 'app.ts', "import type { A } from './config/a.ts';"],
    ['import() where only that is allowed', 'app.ts', "await import('undici');"],
    ['the layer below', 'emulator/endpoints/a.ts', "import { a } from '../definition/policy.ts';"],
  ] as const;
  for (const [title, file, text] of allowed) {
    test(title, () => {
      assert.deepEqual(findForbiddenImports(new Map([[file, text]]), parseImportTable(TABLE)), []);
    });
  }
});

describe('an import cycle is found', () => {
  const cycles: Record<string, Record<string, string>> = {
    'between two files': {
      'a/one.ts': "import { two } from '../two.ts';",
      'two.ts': "export * from './a/one.ts';",
    },
    'of types only': {
      'a/one.ts': "import type { Two } from './two.ts';",
      'a/two.ts': "import type { One } from './one.ts';",
    },
    'through a third file, with import()': {
      'a.ts': "import { b } from './b.ts';",
      'b.ts': "import {\n  c,\n} from './c.ts';",
      'c.ts': "await import('./a.ts');",
    },
  };
  for (const [title, files] of Object.entries(cycles)) {
    test(title, () => {
      const others = { 'first.ts': "import { a } from './last.ts';", 'last.ts': '' };
      const planted = new Map(Object.entries({ ...others, ...files }));
      assert.deepEqual(findImportCycles(planted), [Object.keys(files).sort()]);
    });
  }
});

test('files that share an import without a cycle are no cycle', () => {
  const imports = (...names: string[]) => names.map((name) => `import './${name}.ts';`).join('\n');
  const diamond = { 'a.ts': imports('b', 'c'), 'b.ts': imports('d'), 'c.ts': imports('d', 'b') };
  assert.deepEqual(findImportCycles(new Map(Object.entries({ ...diamond, 'd.ts': '' }))), []);
});

test('a route imports no other route', () => {
  const holdsRoute = (name: string) =>
    /^export function \w+Routes?\(/m.test(sources.get(path.posix.join('routes', name)) ?? '');
  assert.ok(holdsRoute('callback.ts'));
  for (const [file, text] of sources) {
    if (!file.startsWith('routes/')) continue;
    for (const { from } of importsIn(text)) {
      if (from.startsWith('./')) assert.ok(!holdsRoute(from), `${file} imports ${from}`);
    }
  }
});

test('oidc and session import no HTTP server', () => {
  for (const [file, text] of sources) {
    if (!/^(oidc|session)\//.test(file)) continue;
    for (const { from } of importsIn(text)) {
      assert.doesNotMatch(from, NODE_ONLY_IN_OIDC_AND_SESSION, file);
    }
  }
});

/** The entry points, which may use `process`. */
const ENTRY_POINTS = [
  ...['server.ts', 'middleware.ts', 'program/main.ts'],
  // Parts of main.ts: commands, output, signals and the start of the server.
  ...['run-command', 'check-config', 'load-config', 'output', 'signals', 'start-demo'].map(
    (name) => `program/${name}.ts`,
  ),
  'program/start-server.ts',
];

test('only the entry points use process', () => {
  for (const [file, text] of sources) {
    if (ENTRY_POINTS.includes(file)) continue;
    assert.doesNotMatch(text, /(?<!-)\bprocess\.\w|node:process/, file);
  }
});

test('index.ts re-exports the public API and nothing else', async () => {
  const text = sources.get('index.ts') ?? '';
  assert.equal(text.replaceAll(/^export .* from '.*';$/gm, '').trim(), '');
  const names = [...text.matchAll(/^export (?:type )?\{ (.*) \} from/gm)]
    .flatMap(([, list = '']) => list.split(', '))
    .map((name) => name.replace('type ', ''));
  const types = ['SignIn', 'SignInConfig', 'SignInOptions', 'User', 'UserConditions'];
  assert.deepEqual(names.sort(), ['createSignIn', 'SignInError', ...types].sort());
  const values = Object.keys(await import('../dist/index.js'));
  assert.deepEqual(values, ['SignInError', 'createSignIn']);
});
