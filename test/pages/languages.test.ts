import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { loadLanguages } from '../../dist/pages/languages.js';
import { emptyFolder } from '../support/folder.js';
import { textOf } from './markup.ts';
import { bareSite, demoSite, everyPage, languageOf, languages, TEMPLATES } from './pages.ts';

const FOLDER = path.join(TEMPLATES, 'languages');
const TAGS = ['ar', 'de', 'en', 'es', 'fr', 'ja', 'pt', 'zh-Hans'];

/** Every text of a file with its path. */
function textsOf(tree: object, place = ''): [name: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' ? textsOf(value, `${place}${key}.`) : [[place + key, value]],
  );
}

const fileOf = (tag: string) =>
  new Map(textsOf(JSON.parse(readFileSync(path.join(FOLDER, `${tag}.json`), 'utf8'))));

const english = fileOf('en');

test('there are eight languages', () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), TAGS.map((tag) => `${tag}.json`).sort());
  assert.deepEqual(languages.map(({ tag }) => tag).sort(), TAGS);
  const rightToLeft = languages.filter(({ direction }) => direction === 'rtl');
  assert.deepEqual(
    rightToLeft.map(({ tag }) => tag),
    ['ar'],
  );
});

describe('no text is missing, empty or English in', () => {
  for (const tag of TAGS.filter((one) => one !== 'en')) {
    test(tag, () => {
      const texts = fileOf(tag);
      assert.deepEqual([...texts.keys()], [...english.keys()]);
      for (const [name, text] of texts) {
        assert.equal(text, text.trim(), name);
        assert.notEqual(text, '', name);
        if (name !== 'direction') assert.notEqual(text, english.get(name), name);
        // Every sentence ends as one, in the script of its language.
        const isSentence = /[.?]$/.test(english.get(name) ?? '');
        assert.equal(
          /[.?。？؟]$/.test(text.replace(' ?', '?')),
          isSentence || /か\?$/.test(text),
          name,
        );
      }
    });
  }
});

test('every text is used by a template or by the source', () => {
  const templates = readdirSync(TEMPLATES)
    .filter((name) => name.endsWith('.eta'))
    .map((name) => readFileSync(path.join(TEMPLATES, name), 'utf8'))
    .join();
  const source = readFileSync(new URL('../../src/pages/languages.ts', import.meta.url), 'utf8');
  for (const name of english.keys()) {
    if (/^(direction$|errors\.|claims\.)/.test(name)) continue;
    const [section = '', text = ''] = name.split('.');
    const isUsed = new RegExp(`\\bt\\.${text}\\b|texts\\.${section}\\.${text}\\b`).test(templates);
    const isTyped = new RegExp(`${section}: Record<[^;]*'${text}'`).test(source);
    assert.ok(isUsed || isTyped, name);
  }
});

for (const tag of TAGS) {
  test(`every page in ${tag} declares it and has no English text`, () => {
    const language = languageOf(tag);
    for (const [name, html] of everyPage(demoSite, language)) {
      assert.ok(html.includes(`<html lang="${tag}" dir="${language.direction}">`), name);
      assert.doesNotMatch(html, /undefined|null|\[object/, name);
      if (tag === 'en') continue;
      const text = textOf(html);
      for (const [key, words] of english) {
        if (words.length > 12) assert.ok(!text.includes(words), `${name}: ${key}`);
      }
    }
  });
}

const MOMENT = Date.parse('2026-11-22T09:06:12Z');

test('times are formatted in each language, in UTC', () => {
  const written = Object.fromEntries(
    languages.map(({ tag, timeOf }) => [tag, timeOf(MOMENT).timeText]),
  );
  for (const [tag, text] of Object.entries(written)) assert.match(text, /UTC/, tag);
  assert.equal(written['en'], '22 Nov 2026, 09:06:12 UTC');
  assert.match(written['de'] ?? '', /^22\.11\.2026/);
  assert.match(written['ja'] ?? '', /^2026\/11\/22/);
});

function folderWith(t: TestContext, files: Record<string, unknown>): string {
  const folder = emptyFolder(t);
  mkdirSync(path.join(folder, 'languages'));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(path.join(folder, 'languages', name), text);
  }
  return folder;
}

const load = (t: TestContext, files: Record<string, unknown>) =>
  loadLanguages([TEMPLATES, folderWith(t, files)]);

test('the operator’s folder replaces single texts and adds a language', (t) => {
  const found = load(t, {
    'de.json': { status: { titleSignedIn: 'Willkommen' } },
    'he.json': { direction: 'rtl', layout: { signIn: 'כניסה' } },
  });
  const [german, hebrew] = ['de', 'he'].map((tag) => found.find((one) => one.tag === tag));
  assert.equal(german?.texts.status.titleSignedIn, 'Willkommen');
  assert.equal(german?.texts.status.titleSignedOut, 'Sie sind nicht angemeldet');
  assert.equal(hebrew?.direction, 'rtl');
  assert.equal(hebrew?.texts.signedOut.title, 'You are signed out');
  assert.equal(found.length, TAGS.length + 1);
});

for (const [title, files, fault] of [
  [
    'an unknown text',
    { 'de.json': { status: { titel: 'x' } } },
    /de\.json: there is no text status\.titel/,
  ],
  ['an unknown page', { 'de.json': { toString: { a: 'x' } } }, /there is no text toString/],
  [
    'a text that is a number',
    { 'de.json': { status: { setUp: 1 } } },
    /status\.setUp must be text/,
  ],
  ['a text that is empty', { 'de.json': { status: { setUp: ' ' } } }, /status\.setUp must be text/],
  ['a page that is a text', { 'de.json': { status: 'x' } }, /status must be an object/],
  ['an unknown direction', { 'de.json': { direction: 'up' } }, /direction must be ltr or rtl/],
  ['invalid JSON', { 'de.json': '{' }, /de\.json is not a JSON object/],
  ['an array', { 'de.json': [] }, /de\.json is not a JSON object/],
  [
    'a file name that is not a language tag',
    { 'german language.json': {} },
    /is not a language tag/,
  ],
] as const) {
  test(`${title} is rejected with the file and the path`, (t) => {
    assert.throws(() => load(t, files), fault);
  });
}

test('all issues are reported at once', (t) => {
  const files = { 'de.json': { a: 'x', layout: { skip: 7 } }, 'fr.json': { b: 'x' } };
  assert.throws(
    () => load(t, files),
    ({ message }: Error) => message.split('\n').length === 4,
  );
});

test('a folder without languages changes nothing', (t) => {
  assert.equal(loadLanguages([TEMPLATES, emptyFolder(t)]).length, TAGS.length);
});

test('outside the demo, no page mentions it in any language', () => {
  for (const language of languages) {
    const { demo } = language.texts.layout as Record<string, string>;
    for (const [name, html] of everyPage(bareSite, language)) {
      assert.ok(demo && !html.includes(demo), `${language.tag} ${name}`);
    }
  }
});
