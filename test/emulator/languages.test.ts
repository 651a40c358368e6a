import assert from 'node:assert/strict';
import { test } from 'node:test';
import { de } from '../../dist/emulator/pages/languages/de.js';
import { en } from '../../dist/emulator/pages/languages/en.js';
import { es } from '../../dist/emulator/pages/languages/es.js';
import { fr } from '../../dist/emulator/pages/languages/fr.js';
import { ALICE, authorizationUrl, codeOf, PASSWORD, startEmulator } from './support.js';
import { visit } from './visitor.js';

const idsOf = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);

const pages = [
  { uiLocales: 'de-CH', lang: 'de', texts: de },
  { uiLocales: 'fr-CA fr', lang: 'fr', texts: fr },
  { uiLocales: 'xx es', lang: 'es', texts: es },
  { uiLocales: 'xx', lang: 'en', texts: en },
  // Languages of the server that the tenant has no words of: English, and said to be English.
  { uiLocales: 'ar', lang: 'en', texts: en },
  { uiLocales: 'ja-JP', lang: 'en', texts: en },
];
for (const { uiLocales, lang, texts } of pages) {
  test(`ui_locales=${uiLocales} changes the words and no id, and the page says it is in ${lang}`, async (t) => {
    const emulator = await startEmulator(t);
    const visitor = visit(emulator);
    await visitor.open(authorizationUrl(emulator));
    const english = idsOf(visitor.page.body);
    await visitor.open(authorizationUrl(emulator, 'B2C_1_susi', { ui_locales: uiLocales }));
    assert.deepEqual(idsOf(visitor.page.body), english);
    assert.match(visitor.page.body, new RegExp(`<html lang="${lang}" dir="ltr">`));
    assert.ok(visitor.page.body.includes(`>${texts.heading}</h1>`));
    assert.ok(visitor.page.body.includes(`name="${texts.email}"`));
    await visitor.press('next', { email: ALICE, password: PASSWORD });
    assert.ok(codeOf(visitor.left()));
  });
}

test('every language has its own words, with the same gaps', () => {
  const gaps = (text: string) => text.match(/\{\d\}/g) ?? [];
  for (const texts of [de, fr, es]) {
    for (const [id, text] of Object.entries(en)) {
      assert.deepEqual(gaps(texts[id as keyof typeof en]), gaps(text), id);
    }
  }
});
