import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type RunningApp, startApp } from '../support/app.js';
import { openChromium } from '../support/chromium.js';

// Each would leave its mark in the page's title, or make a request, if anything of it ran.
const TEXTS = [
  '<script>document.title="run"</script>',
  '"><img src=x onerror="document.title=\'run\'">',
  "' autofocus onfocus='document.title=1' x='",
  '</title><script>document.title="run"</script>',
  '</script><script>document.title="run"</script>',
  '</bdi></td></tr></table></main></body></html><h1>Enter your password</h1>',
  '<svg onload=document.title="run">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><input name=password>',
  '<!-- ', // and never closed
  '<![CDATA[ <b> ]]>',
  '{{7*7}}',
  '<%= 7*7 %><%~ it.site %>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: must look like a template and not be one
  '${7*7}',
  '&lt;script&gt; &amp;amp; &#x3c;b&#x3e; &nosuch;',
  'javascript:document.title=1',
  'data:text/html,<script>document.title=1</script>',
  '\u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u200f\ufeff',
  'a\u0301\u0302\u0303\u0304\u{1f469}\u200d\u{1f4bb}',
  `10 kB: ${'x'.repeat(10_000)}`,
  '',
  '   ',
];
const OTHERS = [0, -1.5, 1e21, true, false, null, [], ['<b>', [null]], {}, { a: { '<b>': '"' } }];

/** Opens a page for a user whose token contains `claims`. */
async function show(app: RunningApp, page: Page, claims: object, path = '/auth/token_details') {
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  const as = { as: 'alice@example.com', claims };
  const end = await browser.get(await app.control.authorize(location, as));
  assert.equal(end.status, 303);
  const cookies = [...browser.cookies].map(([name, value]) => ({ name, value, url: app.url }));
  await page.context().clearCookies();
  await page.context().addCookies(cookies);
  await page.goto(app.url + path);
}

/** Names and values of the rows, as the browser itself has read them. */
const rowsOf = (page: Page) =>
  page.$$eval('table.claims tbody tr', (rows) =>
    rows.map((row) => [...row.querySelectorAll('bdi')].map((cell) => cell.textContent ?? '')),
  );

/** How many elements of each kind there are. */
const elementsOf = (page: Page) =>
  page.$$eval('*', (all) => {
    const counts: Record<string, number> = {};
    for (const { localName } of all) counts[localName] = (counts[localName] ?? 0) + 1;
    return counts;
  });

test('whatever text a claim holds, a browser shows that text and runs nothing', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, complaints } = chromium;
  const app = await startApp(t);
  const claimsOf = (texts: readonly string[]) =>
    Object.fromEntries(texts.map((text, i) => [`extension_${i}`, text]));
  await show(app, page, claimsOf(TEXTS.map(() => 'harmless')));
  const harmless = await elementsOf(page);
  const title = await page.title();
  await show(app, page, claimsOf(TEXTS));
  const shown = new Map((await rowsOf(page)) as [string, string][]);
  for (const [i, text] of TEXTS.entries()) assert.equal(shown.get(`extension_${i}`), text);
  assert.deepEqual(await elementsOf(page), harmless);
  assert.equal(await page.title(), title);

  await show(app, page, { name: 'harmless', emails: ['harmless'], idp: 'harmless' }, '/');
  const harmlessStatus = await elementsOf(page);
  const statusTitle = await page.title();
  for (const text of TEXTS.filter((one) => one.trim())) {
    await show(app, page, { name: text, emails: [text], idp: text }, '/');
    const places = await page.$$eval('bdi', (all) => all.map((element) => element.textContent));
    const site = 'b2c-signin';
    assert.deepEqual(places, [site, text, text, text, text, site]);
    assert.deepEqual(await elementsOf(page), harmlessStatus, text.slice(0, 60));
    assert.equal(await page.title(), statusTitle);
  }
  assert.deepEqual(complaints, []);
});

test('claims of any type and name are rows, and there is a name to show in any case', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page, complaints } = chromium;
  const app = await startApp(t);
  for (const value of OTHERS) {
    const claims = { name: value, given_name: value, emails: value, constructor: value };
    const hostileNames = JSON.parse('{"__proto__":{"x":1},"<b>":1,"toString":"<i>","":"empty"}');
    await show(app, page, { ...claims, ...hostileNames });
    const shown = new Map((await rowsOf(page)) as [string, string][]);
    for (const name of Object.keys(claims)) assert.equal(shown.get(name), JSON.stringify(value));
    assert.equal(shown.get('<b>'), '1');
    assert.equal(shown.get('toString'), '<i>');
    assert.ok((await page.textContent('header bdi'))?.trim());
    assert.equal(await page.locator('main b, main i').count(), 0);
    assert.equal((await page.goto(`${app.url}/`))?.status(), 200);
  }
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
  assert.deepEqual(complaints, []);
});

test('bidirectional text of one claim turns nothing outside it', async (t) => {
  const chromium = await openChromium(t);
  if (!chromium) return;
  const { page } = chromium;
  const app = await startApp(t);
  const rightToLeft = '\u202e\u05d0\u05d1 alice';
  await show(app, page, { name: rightToLeft, extension_a: rightToLeft });
  const places = await page.$$eval('header bdi, table.claims bdi', (all) =>
    all.map((element) => getComputedStyle(element).unicodeBidi),
  );
  assert.ok(places.length > 5);
  assert.deepEqual(new Set(places), new Set(['isolate']));
});
