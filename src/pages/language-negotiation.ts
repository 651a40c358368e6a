import { DEFAULT_LANGUAGE } from './languages.ts';

/** Which of our languages somebody reads. */
export interface LanguageNegotiator<Language> {
  /** By an `Accept-Language` header (RFC 9110, 12.5.4); the default where nothing fits. */
  fromHeader(acceptLanguage: string | undefined): Language;
  /** By a list of tags, the most wanted first: `ui_locales` of OpenID Connect. */
  fromLocales(uiLocales: string): Language | undefined;
}

// Nobody reads more languages than this, and nobody sends longer headers in earnest.
const MAX_RANGES = 20;
const MAX_LENGTH = 500;
// Browsers send some dozens of headers; whoever makes up new ones gets them worked out again.
const MAX_REMEMBERED = 500;

/** @throws Error when the default language is missing */
export function createLanguageNegotiator<Language extends { tag: string }>(
  languages: readonly Language[],
): LanguageNegotiator<Language> {
  const byTag = new Map(languages.map((language) => [language.tag.toLowerCase(), language]));
  const standard = byTag.get(DEFAULT_LANGUAGE);
  if (!standard) throw new Error(`there is no languages/${DEFAULT_LANGUAGE}.json`);

  const find = (ranges: string[]) => {
    for (const range of ranges.slice(0, MAX_RANGES)) {
      const language = lookUp(range, byTag);
      if (language) return language;
    }
    return undefined;
  };
  const remembered = new Map<string, Language>();
  return {
    fromHeader(header) {
      if (header === undefined) return standard;
      const known = remembered.get(header);
      if (known) return known;
      if (header.length > MAX_LENGTH)
        return find(rangesOf(header.slice(0, MAX_LENGTH))) ?? standard;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const language = find(rangesOf(header)) ?? standard;
      remembered.set(header, language);
      return language;
    },
    fromLocales: (uiLocales) => find(uiLocales.slice(0, MAX_LENGTH).split(' ')),
  };
}

const RANGE = /^\s*([a-z\d-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/** The ranges of a header, the most wanted first. `*` asks for nothing in particular. */
function rangesOf(header: string): string[] {
  return header
    .split(',')
    .map((part) => RANGE.exec(part))
    .filter((match) => match !== null)
    .map(([, range = '', q = '1']) => ({ range, q: Number(q) }))
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .map(({ range }) => range);
}

/** RFC 4647, 3.4: the range, then ever shorter; and the same with the script that it implies. */
function lookUp<Language>(range: string, byTag: ReadonlyMap<string, Language>) {
  for (const tag of [range, withScript(range)]) {
    const parts = tag.toLowerCase().split('-');
    while (parts.length > 0) {
      const language = byTag.get(parts.join('-'));
      if (language) return language;
      parts.pop();
      // Nothing ends in the single letter that begins an extension.
      if (parts.at(-1)?.length === 1) parts.pop();
    }
  }
  return undefined;
}

/** `zh-CN` is `zh-Hans-CN`, and `zh-TW` is not. */
function withScript(range: string): string {
  try {
    return new Intl.Locale(range).maximize().baseName;
  } catch {
    return range;
  }
}
