import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLanguageNegotiator } from '../../dist/pages/language-negotiation.js';
import { languages } from './pages.ts';

const { fromHeader, fromLocales } = createLanguageNegotiator(languages);

describe('the language of an Accept-Language header', () => {
  const rows: [header: string | undefined, tag: string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['DE-ch', 'de'],
    ['de-CH-1996', 'de'],
    ['de-x-own', 'de'],
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'fr'],
    ['en;q=0.2,de;q=0.8', 'de'],
    ['en;q=0.2 , de ; q=0.8', 'de'],
    ['de;q=0.5,fr;q=0.5', 'de'],
    ['it,pl;q=0.9,es;q=0.1', 'es'],
    ['de;q=0,fr;q=0.1', 'fr'],
    ['de;q=0', 'en'],
    ['*', 'en'],
    ['*,de;q=0.5', 'de'],
    ['it,*;q=0.1', 'en'],
    ['pt-BR', 'pt'],
    ['zh', 'zh-Hans'],
    ['zh-CN,zh;q=0.9', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-Hans-CN', 'zh-Hans'],
    ['zh-TW', 'en'],
    ['zh-TW,ja;q=0.5', 'ja'],
    ['ar-EG', 'ar'],
    ['tlh', 'en'],
    ['de;q=2', 'en'],
    ['de;q=0.1234', 'en'],
    ['de;level=1', 'en'],
    ['<script>, de', 'de'],
    [',,, ;;; de', 'en'],
    ['-,--,-de', 'en'],
    [`${'it,'.repeat(19)}de`, 'de'],
    [`${'it,'.repeat(20)}de`, 'en'],
    [`de,${'it,'.repeat(4000)}`, 'de'],
    [`${'x'.repeat(16_000)},de`, 'en'],
  ];
  for (const [header, tag] of rows) {
    test(`${JSON.stringify(header)?.slice(0, 60)} is ${tag}`, () => {
      assert.equal(fromHeader(header).tag, tag);
      assert.equal(fromHeader(header).tag, tag, 'again');
    });
  }
});

describe('the language of ui_locales', () => {
  for (const [uiLocales, tag] of [
    ['de', 'de'],
    ['fr-CA fr en', 'fr'],
    ['it pt-BR de', 'pt'],
    ['zh-hans', 'zh-Hans'],
    ['', undefined],
    ['   ', undefined],
    ['it', undefined],
    ['*', undefined],
    ['../de', undefined],
    ['\u0000 de', 'de'],
  ] as const) {
    test(`${JSON.stringify(uiLocales)} is ${tag ?? 'unknown'}`, () => {
      assert.equal(fromLocales(uiLocales)?.tag, tag);
    });
  }
});

test('any number of new headers uses no additional memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const keptBytes = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const negotiator = createLanguageNegotiator(languages);
  const ask = (count: number, name: string) => {
    for (let i = 0; i < count; i += 1) {
      const header = `de;q=0.5,x-${name}-${i}-${'y'.repeat(400)}`;
      if (negotiator.fromHeader(header).tag !== 'de') assert.fail(header);
    }
  };
  // Compiles the code.
  ask(1_000, 'first');
  const before = keptBytes();
  ask(20_000, 'then');
  // All of them would be over 8 MB.
  assert.ok(keptBytes() - before < 1e6, `${keptBytes() - before} bytes`);
  // Keeps the cache in use until here, so that it is not collected.
  assert.equal(negotiator.fromHeader('fr').tag, 'fr');
});

test('without English, creating the negotiator fails', () => {
  const others = languages.filter(({ tag }) => tag !== 'en');
  assert.throws(() => createLanguageNegotiator(others), /languages\/en\.json/);
});
