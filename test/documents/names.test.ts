// The documents name everything that exists, and everything that they name exists.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { buildPaths, policyPath, tenantPrefix } from '../../dist/config/paths.js';
import { type PortalLocation, portalPath } from '../../dist/oidc/portal.js';
import { startApp } from '../support/app.js';
import {
  blocksOf,
  DOCUMENTS,
  linksIn,
  ROOT,
  readDocument,
  sentencesOf,
} from '../support/examples.js';

const POLICIES = ['signIn', 'editProfile', 'resetPassword', '<name>'].map((key) => ({
  key,
  name: `B2C_1_${key}`,
  signsIn: key === 'signIn',
}));

/** The paths of the application, with `<name>` where the operator has a word. */
function pathsThatExist(): string[] {
  const tenants = ['', '<name>'].map((name) => {
    const above = tenantPrefix('/auth', name);
    const policies = POLICIES.map((policy) => ({ ...policy, path: policyPath(above, policy.key) }));
    return { name, policies, callbackPath: `${above}/redirect` as never };
  });
  const { callbacks, policies, flow, gate, assets, ...rest } = buildPaths('/auth', tenants);
  const { oauth2, ...ofGate } = gate;
  const all = [callbacks.values(), policies, flow, [`${assets}/<file>`]];
  const named = [rest, ofGate, oauth2].map((paths) => Object.values(paths));
  return [...new Set([...all, ...named].flatMap((paths) => [...paths]))];
}

/** The first cells of tables of routes: `…/x` continues what stands before it. */
function documentedPaths(): string[] {
  const tables = ['docs/configuration.md', 'docs/gate-headers.md'].flatMap((document) =>
    readDocument(document)
      .split('\n')
      .filter((line) => /^\| `[/]/.test(line)),
  );
  return tables.flatMap((line) => {
    const paths = [...(line.split('|')[1] ?? '').matchAll(/`([/…][^`]*)`/g)].map(
      ([, found = '']) => found,
    );
    const above = (paths[0] ?? '').replace(/\/[^/]*$/, '');
    return paths.map((found) => found.replace('…', above));
  });
}

test('every route has a row in the tables of routes, and every row a route', () => {
  assert.deepEqual(documentedPaths().sort(), pathsThatExist().sort());
});

test('every documented path is answered', async (t) => {
  const { browser } = await startApp(t, {
    config: {
      gate: { assertion: true },
      policies: Object.fromEntries(
        POLICIES.map(({ key }) => [key.replace('<name>', 'name'), 'B2C_1_susi']),
      ),
    },
  });
  for (const found of documentedPaths()) {
    // These exist for additional tenants, for files, and for tenants of kind `generic`.
    if (/tenant|assets|back_channel/.test(found)) continue;
    const { status } = await browser().get(found.replace('<name>', 'name'));
    assert.notEqual(status, 404, found);
  }
});

describe('every exported name is documented', () => {
  for (const [source, document] of [
    ['src/index.ts', 'docs/api.md'],
    ['src/testing/testing.ts', 'docs/testing.md'],
    ['src/emulator/emulator.ts', 'docs/emulator/test-interface.md'],
  ] as const) {
    test(source, () => {
      const text = readDocument(source);
      const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
        list.split(',').map((name) => name.replace(/^\s*type /, '').trim()),
      );
      const own = [
        ...text.matchAll(/^export (?:async )?(?:interface|type|function|const) (\w+)/gm),
      ];
      const names = [...lists, ...own.map(([, name = '']) => name)].filter(Boolean);
      assert.ok(names.length >= 4);
      for (const name of names) {
        const isNamed = new RegExp(`(?:\`|[{,] (?:type )?)${name}\\b`);
        assert.ok(isNamed.test(readDocument(document)), name);
      }
    });
  }
});

test('the registration page names locations in the portal as doctor does', () => {
  const places = ['tenant', 'policies', 'application', 'authentication', 'secrets', 'permissions'];
  const registration = readDocument('docs/azure-registration.md');
  for (const place of places) {
    const words = portalPath('b2c', place as PortalLocation);
    assert.ok(words && registration.includes(`Location: ${words}\n`), place);
  }
});

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (document: string): string[] =>
  [...sentencesOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe('links and pictures have a target, and anchors a heading', () => {
  for (const document of DOCUMENTS) {
    test(document, () => {
      for (const { target, anchor } of linksIn(document)) {
        assert.ok(existsSync(path.join(ROOT, target)), target);
        if (anchor) assert.ok(anchorsIn(target).includes(anchor), `${target}#${anchor}`);
      }
    });
  }
});

test('README leads to every document, in two steps at most', () => {
  const first = linksIn('README.md').map(({ target }) => target);
  const second = first.filter((target) => DOCUMENTS.includes(target)).flatMap(linksIn);
  const reached = new Set([...first, ...second.map(({ target }) => target), 'README.md']);
  assert.deepEqual(
    DOCUMENTS.filter((document) => !reached.has(document)),
    [],
  );
});

test('what the drawn map names is there, and all folders and files of src are on the map', () => {
  const text = readDocument('docs/architecture.md');
  const [map] = blocksOf('docs/architecture.md').filter(({ language }) => language === 'mermaid');
  const drawn = (map?.text ?? '')
    .replaceAll(/[([]+[^)\]]*[)\]]+/g, '')
    .split('\n')
    .flatMap((line) => line.match(/[a-z][a-z-]+/g) ?? []);
  const [, table = ''] = text.split('| folder or file | what it is |');
  const [rows = ''] = table.split('\n\n');
  const inSource = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `${entry.name}/` : entry.name,
  );
  for (const name of inSource) {
    assert.ok(rows.includes(`\`${name}\``), name);
  }
  const known = ['flowchart', 'browser', 'proxy', 'application', 'host', 'provider', 'store'];
  for (const name of drawn) {
    const exists = inSource.includes(`${name}/`) || inSource.includes(`${name}.ts`);
    assert.ok(exists || known.includes(name) || ['demo', 'and', 'tests'].includes(name), name);
  }
});
