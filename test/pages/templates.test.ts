import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createPages } from '../../dist/pages/render.js';
import { loadTemplates } from '../../dist/pages/templates.js';
import { bareSite, english, TEMPLATES } from './pages.ts';

function folderWith(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-templates-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

test('a template folder that does not exist is reported by name', () => {
  const missing = path.join(TEMPLATES, 'no-such-folder');
  assert.throws(
    () => loadTemplates([TEMPLATES, missing]),
    (error: Error) => error.message.includes(missing) && error.message.includes('does not exist'),
  );
});

test('a missing asset is reported with its name and the folders', () => {
  const templates = loadTemplates([TEMPLATES]);
  assert.throws(
    () => templates.asset('logo.png'),
    (error: Error) => error.message.includes('logo.png') && error.message.includes(TEMPLATES),
  );
});

test('a template that does not compile is rejected when it is loaded', (t) => {
  const folder = folderWith(t, { 'status.eta': '<% if (%>' });
  assert.throws(() => loadTemplates([TEMPLATES, folder]), /syntax/i);
});

test('a template that does not exist cannot be rendered', () => {
  assert.throws(() => loadTemplates([TEMPLATES]).render('no-such-page', {}), /no-such-page/);
});

test('a file of a later folder replaces the built-in one, and the others stay', (t) => {
  const folder = folderWith(t, {
    'signed-out.eta': "<% layout('@layout') %>\n<h1>Goodbye & good luck</h1>",
    'style.css': 'body { color: red }',
  });
  const [own, builtIn] = [loadTemplates([TEMPLATES, folder]), loadTemplates([TEMPLATES])];
  assert.match(
    createPages(own, bareSite, { language: english }).signedOut(),
    /<main [^>]*>\s*<h1>Goodbye & good luck<\/h1>/,
  );
  assert.equal(
    createPages(own, bareSite, { language: english }).unauthorized({ returnTo: '/' }),
    createPages(builtIn, bareSite, { language: english }).unauthorized({ returnTo: '/' }),
  );
  assert.equal(own.asset('style.css').body.toString(), 'body { color: red }');
  assert.notEqual(own.asset('style.css').hashedName, builtIn.asset('style.css').hashedName);
  assert.deepEqual(own.asset('favicon.svg'), builtIn.asset('favicon.svg'));
});

test('the name of an asset contains a hash of its content', () => {
  const { hashedName } = loadTemplates([TEMPLATES]).asset('style.css');
  assert.match(hashedName, /^style-[0-9a-f]{12}\.css$/);
});

test('data with members named like options of the template engine has no effect', (t) => {
  const folder = folderWith(t, { 'page.eta': '<p><%= it.name %></p>' });
  const data = JSON.parse(
    `{ "name": "<b>", "settings": { "views": "/x", "view options": { "autoEscape": false } },
       "varName": "x", "useWith": true, "autoEscape": false, "async": true, "filepath": "/x",
       "__proto__": { "name": "other", "polluted": true } }`,
  );
  assert.equal(loadTemplates([folder]).render('page', data), '<p>&lt;b&gt;</p>');
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test("templates escape everything except the layout's body", () => {
  const raw = readdirSync(TEMPLATES, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.eta'))
    .flatMap(({ name }) => {
      const lines = readFileSync(path.join(TEMPLATES, name), 'utf8').split('\n');
      return lines.filter((line) => /<%[-_]?\s*~/.test(line)).map((line) => `${name}: ${line}`);
    });
  assert.deepEqual(raw, ['layout.eta: <%~ it.body %>']);
});

test('templates quote every value of an attribute', () => {
  for (const name of readdirSync(TEMPLATES).filter((file) => file.endsWith('.eta'))) {
    assert.doesNotMatch(readFileSync(path.join(TEMPLATES, name), 'utf8'), /\s[\w:-]+=\s*<%/, name);
  }
});

test('style sheet and icon are small and load nothing', () => {
  const templates = loadTemplates([TEMPLATES]);
  const styleSheet = templates.asset('style.css').body.toString();
  assert.ok(styleSheet.length < 10_500);
  assert.doesNotMatch(styleSheet, /url\(|@import|image-set\(|http/i);
  const icon = templates.asset('favicon.svg').body.toString();
  assert.doesNotMatch(
    icon.replace('xmlns="http://www.w3.org/2000/svg"', ''),
    /http|href|<style|<script/i,
  );
});
