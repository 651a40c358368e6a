import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** The table of docs/architecture.md: what each part of `src` may import besides itself and Node. */
const MAY_IMPORT: Record<string, string[]> = {
  errors: [],
  log: [],
  'near-word': [],
  'node-version': [],
  config: ['errors', 'near-word', 'type http', 'zod'],
  http: ['errors', 'log', 'cookie'],
  pages: ['errors', 'eta'],
  session: ['errors', 'log', 'type config'],
  oidc: ['errors', 'log', 'type config', 'openid-client', 'jose', 'undici'],
  visitor: ['errors', 'log', 'http', 'session', 'oidc', 'type config'],
  gate: ['oidc', 'session', 'http', 'errors', 'type config', 'jose'],
  routes: ['visitor', 'gate', 'oidc', 'session', 'http', 'pages', 'errors', 'log', 'type config'],
  emulator: ['http', 'pages', 'near-word', 'jose'],
  operations: ['errors', 'log', 'http', 'oidc', 'type config'],
  'redis-client': ['errors', 'log', 'type config', 'type session', 'dynamic @redis/client'],
  app: [
    'visitor',
    'routes',
    'gate',
    'oidc',
    'session',
    'redis-client',
    'http',
    'pages',
    'errors',
    'log',
    'config',
  ],
  program: [
    'app',
    'operations',
    'config',
    'errors',
    'near-word',
    'log',
    'http',
    'type pages',
    'type emulator',
  ],
  doctor: [
    'program',
    'routes',
    'gate',
    'oidc',
    'redis-client',
    'pages',
    'config',
    'errors',
    'log',
    'node-version',
    'type session',
    'openid-client',
    'type undici',
  ],
  server: ['node-version', 'dynamic main'],
  main: [
    'program',
    'operations',
    'errors',
    'log',
    'type emulator',
    'dynamic emulator',
    'dynamic doctor',
  ],
  'sign-in': ['app', 'program', 'config', 'log'],
  index: ['sign-in', 'errors', 'type app', 'type config', 'type routes', 'type oidc'],
  testing: ['emulator', 'program', 'config', 'near-word', 'undici'],
};

/** Files of the root that belong to a part although they have a name of their own. */
const PART_OF_FILE: Record<string, string> = {
  'open-store': 'app',
  'log-limit': 'log',
  'loopback-name': 'app',
  site: 'app',
};

const NODE_ONLY_IN_OIDC_AND_SESSION = /^node:(http|https|net)$/;

interface Import {
  from: string;
  kind: 'value' | 'type' | 'dynamic';
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.split(path.sep).join('/'));

function partOf(file: string): string {
  const [first = '', ...rest] = file.split('/');
  const name = first.replace(/\.ts$/, '');
  return rest.length > 0 ? name : (PART_OF_FILE[name] ?? name);
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(src, file), 'utf8');
  const found: Import[] = [];
  for (const [, clause = '', from = ''] of text.matchAll(
    /^(?:import|export)\s([^;'"]*?)\s*from\s+'([^']+)';/gms,
  )) {
    found.push({ from, kind: clause.startsWith('type ') ? 'type' : 'value' });
  }
  for (const [, from = ''] of text.matchAll(/\bimport\('([^']+)'\)/g)) {
    found.push({ from, kind: 'dynamic' });
  }
  return found;
}

describe('each part of src imports only what its row of the table allows', () => {
  for (const file of files) {
    const part = partOf(file);
    test(file, () => {
      const allowed = MAY_IMPORT[part];
      assert.ok(allowed, `the part "${part}" has no row in the table`);
      for (const { from, kind } of importsOf(file)) {
        const target = from.startsWith('.')
          ? partOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), from)))
          : from.startsWith('node:')
            ? part
            : (/^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from);
        const names = kind === 'value' ? [target] : [target, `${kind} ${target}`];
        assert.ok(
          target === part || names.some((name) => allowed.includes(name)),
          `${file} must not import ${from}`,
        );
      }
    });
  }
});

test('a route imports no other route', () => {
  const routes = files.filter((name) => name.startsWith('routes/'));
  const holdsRoute = (name: string) =>
    /^export function \w+Routes?\(/m.test(readFileSync(path.join(src, 'routes', name), 'utf8'));
  assert.ok(holdsRoute('callback.ts'));
  for (const file of routes) {
    for (const { from } of importsOf(file)) {
      if (from.startsWith('./')) assert.ok(!holdsRoute(from), `${file} imports ${from}`);
    }
  }
});

test('oidc and session know no HTTP server', () => {
  for (const file of files.filter((name) => /^(oidc|session)\//.test(name))) {
    for (const { from } of importsOf(file)) {
      assert.doesNotMatch(from, NODE_ONLY_IN_OIDC_AND_SESSION, file);
    }
  }
});

/** What is started by a person or an application, and knows the process. */
const DOORS = ['server.ts', 'main.ts', 'sign-in.ts'];

test('process appears in the doors alone', () => {
  for (const file of files.filter((name) => !DOORS.includes(name))) {
    const text = readFileSync(path.join(src, file), 'utf8');
    assert.doesNotMatch(text, /\bprocess\.\w|node:process/, file);
  }
});

test('index.ts re-exports what is promised, and nothing else', async () => {
  const text = readFileSync(path.join(src, 'index.ts'), 'utf8');
  assert.equal(text.replaceAll(/^export .* from '.*';$/gm, '').trim(), '');
  const names = [...text.matchAll(/^export (?:type )?\{ (.*) \} from/gm)]
    .flatMap(([, list = '']) => list.split(', '))
    .map((name) => name.replace('type ', ''));
  const types = ['SignIn', 'SignInConfig', 'SignInOptions', 'User', 'UserConditions'];
  assert.deepEqual(names.sort(), ['createSignIn', 'SignInError', ...types].sort());
  const values = Object.keys(await import('../dist/index.js'));
  assert.deepEqual(values, ['SignInError', 'createSignIn']);
});

test('the table is the one of docs/architecture.md', () => {
  const document = readFileSync(path.join(src, '../docs/architecture.md'), 'utf8');
  for (const [part, allowed] of Object.entries(MAY_IMPORT)) {
    const row = document.split('\n').find((line) => line.startsWith(`| \`${part}\` |`));
    assert.ok(row, `${part} has no row`);
    const listed = row.split('|')[2]?.match(/[@/a-z-]+(?: [@/a-z-]+)?/g) ?? [];
    assert.deepEqual(listed, allowed.length > 0 ? allowed : ['node only'], part);
  }
});
