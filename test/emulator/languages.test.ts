import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LANGUAGES } from '../../dist/emulator/pages/languages.js';
import { languages } from '../pages/pages.ts';
import { ALICE, authorizationUrl, codeOf, PASSWORD, startEmulator } from './support.js';
import { elementById, textOf, visit } from './visitor.js';

const elementIds = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);

function requireLanguage(tag: string) {
  const language = LANGUAGES.find((candidate) => candidate.tag === tag);
  assert.ok(language, tag);
  return language;
}

const english = requireLanguage('en').texts;

const pages = [
  { uiLocales: 'de-CH', lang: 'de' },
  { uiLocales: 'fr-CA fr', lang: 'fr' },
  { uiLocales: 'xx es', lang: 'es' },
  { uiLocales: 'pt-BR', lang: 'pt' },
  { uiLocales: 'JA', lang: 'ja' },
  { uiLocales: 'zh-CN', lang: 'zh-Hans' },
  { uiLocales: 'zh', lang: 'zh-Hans' },
  { uiLocales: 'zh-hans', lang: 'zh-Hans' },
  { uiLocales: 'ar-EG', lang: 'ar' },
  { uiLocales: 'xx', lang: 'en' },
  // Traditional Chinese is not Simplified Chinese.
  { uiLocales: 'zh-TW', lang: 'en' },
];
for (const { uiLocales, lang } of pages) {
  test(`ui_locales=${uiLocales} shows the page in ${lang}, with the same element IDs`, async (t) => {
    const { direction, texts } = requireLanguage(lang);
    const emulator = await startEmulator(t);
    const visitor = visit(emulator);
    await visitor.open(authorizationUrl(emulator));
    const ids = elementIds(visitor.page.body);
    await visitor.open(authorizationUrl(emulator, 'B2C_1_susi', { ui_locales: uiLocales }));
    assert.deepEqual(elementIds(visitor.page.body), ids);
    assert.match(visitor.page.body, new RegExp(`<html lang="${lang}" dir="${direction}">`));
    assert.ok(visitor.page.body.includes(`>${texts.heading}</h1>`));
    assert.ok(visitor.page.body.includes(`name="${texts.email}"`));
    await visitor.press('next', { email: ALICE, password: PASSWORD });
    assert.ok(codeOf(visitor.left()));
  });
}

test('the emulator has the same languages and directions as the server', () => {
  const described = (list: readonly { tag: string; direction: string }[]) =>
    list.map(({ tag, direction }) => `${tag} ${direction}`).sort();
  assert.deepEqual(described(LANGUAGES), described(languages));
});

describe('a language has every text with its placeholders, none empty or English:', () => {
  const placeholders = (text = '') => (text.match(/\{\d\}/g) ?? []).sort();
  for (const { tag, texts } of LANGUAGES.filter((language) => language.tag !== 'en')) {
    test(tag, () => {
      assert.deepEqual(Object.keys(texts), Object.keys(english));
      for (const [id, text] of Object.entries(english)) {
        const translated = texts[id] ?? '';
        assert.deepEqual(placeholders(translated), placeholders(text), id);
        assert.equal(translated, translated.trim(), id);
        assert.notEqual(translated, '', id);
        assert.notEqual(translated, text, id);
      }
    });
  }
});

const phone = { policies: [{ name: 'B2C_1_phone', secondFactor: 'phone' as const }] };

for (const { tag, texts } of LANGUAGES) {
  test(`the phone page requests the number, then the code, in ${tag}`, async (t) => {
    const emulator = await startEmulator(t, phone);
    const visitor = visit(emulator);
    await visitor.open(authorizationUrl(emulator, 'B2C_1_phone', { ui_locales: tag }));
    await visitor.press('next', { email: ALICE, password: PASSWORD });
    assert.ok(visitor.page.body.includes(`<p>${texts.phone_entry_intro}</p>`));
    await visitor.press('sendCode', { countryCode: '+49', number: '301234567' });
    assert.ok(visitor.page.body.includes(`<p>${texts.enter_code_text_intro}</p>`));
    assert.ok(!visitor.page.body.includes(texts.phone_entry_intro));
    assert.equal(textOf(visitor.page.body, 'retryCode'), texts.phone_retry);
  });
}

test('addresses, numbers and codes are left-to-right on a right-to-left page', async (t) => {
  const emulator = await startEmulator(t, {
    policies: [
      ...phone.policies,
      { name: 'B2C_1_susi' },
      { name: 'B2C_1_totp', secondFactor: 'totp' },
      { name: 'B2C_1A_susi' },
    ],
  });
  const visitor = visit(emulator);
  const open = (policy: string) =>
    visitor.open(authorizationUrl(emulator, policy, { ui_locales: 'ar', prompt: 'login' }));
  const assertLeftToRight = (...ids: string[]) => {
    for (const id of ids) assert.equal(elementById(visitor.page.body, id)['dir'], 'ltr', id);
  };
  await open('B2C_1_susi');
  assertLeftToRight('email');
  assert.match(visitor.page.body, /<aside class="emulator-notice" lang="en" dir="ltr"/);
  await visitor.follow('createAccount');
  assertLeftToRight('email', 'emailVerificationCode');
  await open('B2C_1A_susi');
  assertLeftToRight('signInName');
  await visitor.follow('createAccount');
  assertLeftToRight('email', 'email_ver_input');
  await open('B2C_1_phone');
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assertLeftToRight('number', 'verificationCode');
  // Without the left-to-right mark, the plus sign would follow the number.
  assert.match(visitor.page.body, /ألمانيا \(&lrm;\+49\)/);
  await open('B2C_1_totp');
  await visitor.press('next', { email: ALICE, password: PASSWORD });
  assertLeftToRight('otpCode');
  assert.match(visitor.page.body, /<code dir="ltr">otpauth:/);
});
