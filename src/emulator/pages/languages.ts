/** The languages of the hosted pages, read once per process. */
import path from 'node:path';
import { createLanguageNegotiator } from '../../pages/language-negotiation.ts';
import { loadLanguages } from '../../pages/languages.ts';
import { BUILT_IN_TEMPLATES } from '../../pages/templates.ts';
import { TEXT_IDS, type TextId } from './text-ids.ts';

/** By ID. The IDs are B2C's where its documentation of localization has them. */
export type Texts = Record<TextId, string> & Record<string, string>;

export interface Language {
  /** `lang` of the page. */
  tag: string;
  /** `dir` of the page. */
  direction: 'ltr' | 'rtl';
  texts: Texts;
}

export const EMULATOR_TEMPLATES = path.join(BUILT_IN_TEMPLATES, 'emulator');

/** Matches the languages of the server's pages, so that a sign-in keeps its language. English first. */
export const LANGUAGES: readonly Language[] = loadLanguages([EMULATOR_TEMPLATES]).map(
  ({ tag, direction, texts }) => ({ tag, direction, texts: requireTexts(texts) }),
);

// The loader has compared the IDs of every language with English.
function requireTexts(texts: object): Texts {
  const missing = TEXT_IDS.filter((id) => !Object.hasOwn(texts, id));
  if (missing.length > 0) throw new Error(`languages/en.json has no text ${missing.join(', ')}`);
  return texts as Texts;
}

const negotiator = createLanguageNegotiator(LANGUAGES);
const [ENGLISH] = LANGUAGES as readonly [Language];

/** The first supported language of `ui_locales` (RFC 5646 tags in order of preference), or English. */
export function chooseLanguage(uiLocales: string | undefined): Language {
  return negotiator.fromLocales(uiLocales ?? '') ?? ENGLISH;
}

/** The text that names a claim. A claim without a text is shown by its ID, without the prefix. */
export function claimLabel(texts: Texts, id: string): string {
  const text = Object.hasOwn(texts, id) ? texts[id] : undefined;
  return text ?? id.replace(/^extension_/, '');
}

/** Replaces `{0}`, `{1}` and so on. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}
