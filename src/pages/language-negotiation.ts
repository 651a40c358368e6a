import { DEFAULT_LANGUAGE } from './languages.ts';

/** Chooses one of the available languages for a request. */
export interface LanguageNegotiator<Language> {
  /** By an `Accept-Language` header (RFC 9110, 12.5.4); the default if none fits. */
  fromHeader(acceptLanguage: string | undefined): Language;
  /** By `ui_locales` of OpenID Connect, a list of tags in order of preference. */
  fromLocales(uiLocales: string): Language | undefined;
}

// More than any real browser sends.
const MAX_RANGES = 20;
const MAX_LENGTH = 500;
// Browsers send a few dozen different headers. A client that sends new ones only empties the cache.
const MAX_CACHED = 500;

/** @throws Error when the default language is missing */
export function createLanguageNegotiator<Language extends { tag: string }>(
  languages: readonly Language[],
): LanguageNegotiator<Language> {
  const byTag = new Map(languages.map((language) => [language.tag.toLowerCase(), language]));
  const fallback = byTag.get(DEFAULT_LANGUAGE);
  if (!fallback) throw new Error(`there is no languages/${DEFAULT_LANGUAGE}.json`);

  const find = (ranges: string[]) => {
    for (const range of ranges.slice(0, MAX_RANGES)) {
      const language = lookUp(range, byTag);
      if (language) return language;
    }
    return undefined;
  };
  const cache = new Map<string, Language>();
  return {
    fromHeader(header) {
      if (header === undefined) return fallback;
      const known = cache.get(header);
      if (known) return known;
      if (header.length > MAX_LENGTH)
        return find(parseRanges(header.slice(0, MAX_LENGTH))) ?? fallback;
      if (cache.size >= MAX_CACHED) cache.clear();
      const language = find(parseRanges(header)) ?? fallback;
      cache.set(header, language);
      return language;
    },
    fromLocales: (uiLocales) => find(uiLocales.slice(0, MAX_LENGTH).split(' ')),
  };
}

const RANGE = /^\s*([a-z\d-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/** The ranges of a header in order of preference, without `*`. */
function parseRanges(header: string): string[] {
  return header
    .split(',')
    .map((part) => RANGE.exec(part))
    .filter((match) => match !== null)
    .map(([, range = '', q = '1']) => ({ range, q: Number(q) }))
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .map(({ range }) => range);
}

/** RFC 4647, 3.4: the range, then shorter ones; then again with the script that the range implies. */
function lookUp<Language>(range: string, byTag: ReadonlyMap<string, Language>) {
  for (const tag of [range, withScript(range)]) {
    const parts = tag.toLowerCase().split('-');
    while (parts.length > 0) {
      const language = byTag.get(parts.join('-'));
      if (language) return language;
      parts.pop();
      // A single letter starts an extension, so no tag ends with it.
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
