import { createLanguageNegotiator } from '../../../pages/language-negotiation.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en, type TextId, type Texts } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import { pt } from './pt.ts';
import { zhHans } from './zh-hans.ts';

export interface Language {
  /** For the `lang` of the page. */
  tag: string;
  /** For its `dir`. */
  direction: 'ltr' | 'rtl';
  texts: Texts;
}

const ENGLISH: Language = { tag: 'en', direction: 'ltr', texts: en };

/** The languages of the server's own pages, so that nobody changes language on the way. */
export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  { tag: 'de', direction: 'ltr', texts: de },
  { tag: 'fr', direction: 'ltr', texts: fr },
  { tag: 'es', direction: 'ltr', texts: es },
  { tag: 'pt', direction: 'ltr', texts: pt },
  { tag: 'ja', direction: 'ltr', texts: ja },
  { tag: 'zh-Hans', direction: 'ltr', texts: zhHans },
  { tag: 'ar', direction: 'rtl', texts: ar },
];

const choice = createLanguageNegotiator(LANGUAGES);

/** The first of `ui_locales` (RFC 5646 tags, the preferred one first) that there is; else English. */
export function chooseLanguage(uiLocales: string | undefined): Language {
  return choice.fromLocales(uiLocales ?? '') ?? ENGLISH;
}

/** A text with its `{0}`, `{1}` … replaced. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** The label of a claim; of one that only the configuration knows, its name without the prefix. */
export function labelOf(texts: Texts, claim: string): string {
  return Object.hasOwn(texts, claim) ? texts[claim as TextId] : claim.replace(/^extension_/, '');
}
