import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createPages, type Pages } from '../../dist/pages/render.js';
import { loadTemplates, type Templates } from '../../dist/pages/templates.js';
import { startApp } from '../support/app.js';
import { emptyFolder } from '../support/folder.js';
import { alice, demoSite, endSessionAddress, english, TEMPLATES } from './pages.ts';

// docs/templates.md is a promise to authors of templates.

const DOCUMENT = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8');

/** The documented members of a part of the document: `page.link.href`. */
function membersOf(part: string): string[] {
  return [...part.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w.[\]]+)`/g)].map(([, name = '']) => name),
  );
}

const parts = (DOCUMENT.split('## Templates')[1] ?? '').split('\n### ').slice(1);
const [common = [], ...own] = parts.map(membersOf);
const DOCUMENTED = new Map(
  parts.slice(1).flatMap((part, index) => {
    const names = [...(part.split('\n')[0] ?? '').matchAll(/`([\w-]+)\.eta`/g)];
    return names.map(([, name = '']) => [name, new Set([...common, ...(own[index] ?? [])])]);
  }),
);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Throws when an undocumented member is read. */
function strict<T extends object>(value: T, known: ReadonlySet<string>, place = ''): T {
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || (Array.isArray(target) && !/^\d+$/.test(key))) return inner;
      const name = Array.isArray(target) ? `${place}[]` : place ? `${place}.${key}` : key;
      if (name === 'texts') return inner;
      const isKnown = Array.isArray(target) || name === 'body' || known.has(name);
      assert.ok(isKnown, `${name} is not documented`);
      return isObject(inner) ? strict(inner, known, name) : inner;
    },
  });
}

/** Every member of a model, by its documented name. */
function namesIn(value: unknown, place = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, `${place}[]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = place ? `${place}.${key}` : key;
    if (inner === undefined) return [];
    return name === 'texts' || name === 'body' ? [name] : [name, ...namesIn(inner, name)];
  });
}

/** Renders every page with all members of its model. */
function renderAll(pages: Pages): void {
  const session = {
    ...{ isLocalAccount: false, identityProvider: 'a', policy: 'b' },
    ...{ startedAt: 0, endsAt: 1 },
  };
  pages.status({});
  pages.status({ viewer: alice, session });
  const claims = { sub: '1', updated_at: 1, auth_time: 1, idp: 'a', exp: 1, aud: 'x' };
  pages.tokenDetails({ viewer: alice, claims });
  const row = { name: 'a', browser: 'b', startedAt: 0, isCurrent: true };
  pages.sessions({ viewer: alice, sessions: [row, { ...row, isCurrent: false }] });
  pages.unauthorized({ returnTo: '/' });
  pages.signOut({ viewer: alice });
  pages.signingOut({ href: endSessionAddress });
  pages.signedOut();
  pages.error({
    viewer: alice,
    code: 'not_found',
    link: { href: '/', next: 'home' },
    correlationId: 'a',
    providerCorrelationId: 'b',
    developer: {
      ...{ code: 'not_found', detail: 'a', providerCode: 'AADB2C90273' },
      ...{ providerError: 'access_denied', cause: 'b', fix: 'c', portal: 'd' },
    },
  });
}

function rendering(renderPage: Templates['renderPage']): Pages {
  const templates = { ...loadTemplates([TEMPLATES]), renderPage };
  return createPages(templates, demoSite, { language: english });
}

test('every template uses documented members only', () => {
  const { renderPage } = loadTemplates([TEMPLATES]);
  const rendered: string[] = [];
  renderAll(
    rendering((name, it) => {
      rendered.push(name);
      const known = DOCUMENTED.get(name);
      assert.ok(known, `${name}.eta is not documented`);
      return renderPage(name, strict(it, known));
    }),
  );
  assert.deepEqual([...new Set(rendered)].sort(), [...DOCUMENTED.keys()].sort());
});

test('the documented members and the members of the models are the same', () => {
  const found = new Map([...DOCUMENTED.keys()].map((name) => [name, new Set<string>()]));
  renderAll(
    rendering((name, it) => {
      for (const member of namesIn(it)) found.get(name)?.add(member);
      return '';
    }),
  );
  const everywhere = new Set([...found.values()].flatMap((names) => [...names]));
  for (const [name, known] of DOCUMENTED) {
    const there = [...(found.get(name) ?? [])].sort();
    assert.deepEqual(
      there.filter((member) => !known.has(member)),
      [],
      name,
    );
    const missing = [...known].filter(
      (member) => !(common.includes(member) ? everywhere : found.get(name))?.has(member),
    );
    assert.deepEqual(missing, [], name);
  }
});

test("the operator's folder replaces a page, the style sheet and a text of one language", async (t) => {
  const templates = emptyFolder(t);
  const put = (name: string, text: string) => writeFileSync(path.join(templates, name), text);
  mkdirSync(path.join(templates, 'languages'));
  put('unauthorized.eta', '<h1 class="own"><%= it.title %></h1>');
  put('style.css', 'body { color: rebeccapurple }');
  put('languages/de.json', '{ "status": { "titleSignedOut": "Willkommen bei Fabrikam" } }');
  const browser = (await startApp(t, { config: { templates } })).browser();
  const [german, english] = ['de', 'en'].map((tag) => ({ 'accept-language': tag }));
  assert.match((await browser.get('/auth/token_details')).body, /<h1 class="own">Sign in to see/);
  const start = (await browser.get('/', german)).body;
  assert.match(start, /<h1>Willkommen bei Fabrikam<\/h1>\s*<p>Melden Sie sich an/);
  assert.match((await browser.get('/', english)).body, /<h1>You are not signed in<\/h1>/);
  const [, styleSheet = ''] = /<link rel="stylesheet" href="([^"]+)">/.exec(start) ?? [];
  assert.equal((await browser.get(styleSheet)).body, 'body { color: rebeccapurple }');
});

test('an invalid language file of the operator is reported at the start', async (t) => {
  const templates = emptyFolder(t);
  mkdirSync(path.join(templates, 'languages'));
  writeFileSync(path.join(templates, 'languages', 'de.json'), '{ "status": { "titel": "x" } }');
  await assert.rejects(
    startApp(t, { config: { templates } }),
    /languages.de\.json: there is no text status\.titel/,
  );
});
