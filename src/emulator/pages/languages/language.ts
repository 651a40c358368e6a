import { de } from './de.ts';
import { en, type TextId, type Texts } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

export interface Language {
  /** For the `lang` of the page. */
  tag: string;
  texts: Texts;
}

const LANGUAGES: Record<string, Texts> = { en, de, fr, es };

export const ENGLISH: Language = { tag: 'en', texts: en };

/** The first of `ui_locales` (RFC 5646 tags, the preferred one first) that there is; else English. */
export function chooseLanguage(uiLocales: string | undefined): Language {
  for (const wanted of uiLocales?.split(' ') ?? []) {
    const tag = wanted.split('-', 1)[0]?.toLowerCase() ?? '';
    const texts = Object.hasOwn(LANGUAGES, tag) ? LANGUAGES[tag] : undefined;
    if (texts) return { tag, texts };
  }
  return ENGLISH;
}

/** A text with its `{0}`, `{1}` … replaced. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** The label of a claim; of one that only the configuration knows, its name without the prefix. */
export function labelOf(texts: Texts, claim: string): string {
  return Object.hasOwn(texts, claim) ? texts[claim as TextId] : claim.replace(/^extension_/, '');
}
