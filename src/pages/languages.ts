import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SignInErrorCode } from '../errors.ts';

/** Texts by page and name. The texts that only templates use are listed in `languages/en.json` only. */
export interface Texts extends Record<string, unknown> {
  layout: Record<'unnamed', string>;
  status: Record<'titleSignedIn' | 'titleSignedOut', string>;
  tokenDetails: Record<'title', string>;
  sessions: Record<'title' | 'unknownBrowser', string>;
  unauthorized: Record<'title', string>;
  signOut: Record<'title', string>;
  signingOut: Record<'title', string>;
  signedOut: Record<'title', string>;
  error: Record<'home' | 'signIn', string>;
  errors: Record<SignInErrorCode, { title: string; advice: string }>;
  /** The meaning of each claim. */
  claims: Record<string, string>;
}

/** A language of the pages. */
export interface Language {
  /** As in `lang` and `Content-Language` (BCP 47). */
  tag: string;
  direction: 'ltr' | 'rtl';
  texts: Texts;
  /** A moment (epoch milliseconds) in UTC, to the second. */
  timeOf(epochMs: number): Time;
  /** A moment in UTC, to the minute; recent results are cached, because formatting is slow. */
  minuteOf(epochMs: number): Time;
}

/** A moment in ISO 8601 and as text in the language. */
export interface Time {
  time: string;
  timeText: string;
}

/** Used when no other language fits; its file is also the list of all texts. */
export const DEFAULT_LANGUAGE = 'en';

const MINUTE_MS = 60_000;
// More minutes than a session lasts.
const MAX_CACHED = 1_000;

type Tree = { [name: string]: string | Tree };

/**
 * Loads the languages from the `languages` folder in each of `folders`, the default one first. Texts of a later
 * folder replace those of an earlier one; texts that a language lacks are English.
 * @throws Error that lists every invalid file and text
 */
export function loadLanguages(folders: readonly string[]): Language[] {
  const issues: string[] = [];
  const loaded = new Map<string, Tree>();
  let english: Tree | undefined;
  for (const { name, file } of folders.flatMap(listFiles)) {
    const tag = canonicalTag(name);
    const texts = parse(file);
    if (!tag) issues.push(`${file}: ${name} is not a language tag, such as de or pt-BR`);
    if (!texts) issues.push(`${file} is not a JSON object`);
    if (!tag || !texts) continue;
    english ??= texts;
    issues.push(...findIssues(texts, english).map((issue) => `${file}: ${issue}`));
    loaded.set(tag, merge(loaded.get(tag) ?? loaded.get(DEFAULT_LANGUAGE) ?? {}, texts));
  }
  if (issues.length > 0) throw new Error(`invalid page texts:\n${issues.join('\n')}`);
  return [...loaded].map(([tag, texts]) => toLanguage(tag, texts));
}

function listFiles(folder: string): { name: string; file: string }[] {
  const languages = path.join(folder, 'languages');
  if (!existsSync(languages)) return [];
  const names = readdirSync(languages).filter((name) => name.endsWith('.json'));
  return names
    .map((name) => ({ name: name.slice(0, -'.json'.length), file: path.join(languages, name) }))
    .sort((a, b) => Number(b.name === DEFAULT_LANGUAGE) - Number(a.name === DEFAULT_LANGUAGE));
}

function canonicalTag(name: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(name)[0];
  } catch {
    return undefined;
  }
}

function parse(file: string): Tree | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function findIssues(texts: Tree, known: Tree, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) => {
    const name = prefix + key;
    const expected = Object.hasOwn(known, key) ? known[key] : undefined;
    if (expected === undefined) return [`there is no text ${name}`];
    if (isTree(expected)) {
      return isTree(value)
        ? findIssues(value, expected, `${name}.`)
        : [`${name} must be an object`];
    }
    if (typeof value !== 'string' || value.trim() === '') return [`${name} must be text`];
    if (name === 'direction' && !/^(ltr|rtl)$/.test(value)) return [`${name} must be ltr or rtl`];
    return [];
  });
}

function merge(base: Tree, over: Tree): Tree {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const previous = base[key];
    merged[key] = isTree(value) && isTree(previous) ? merge(previous, value) : value;
  }
  return merged;
}

function toLanguage(tag: string, { direction, ...texts }: Tree): Language {
  // English without a region would write the month first, which is common only in the United States.
  const locale = tag === DEFAULT_LANGUAGE ? 'en-GB' : tag;
  const form = { dateStyle: 'medium', timeZone: 'UTC' } as const;
  // Made on first use: they are slow to make, and few languages are ever shown.
  let seconds: Intl.DateTimeFormat | undefined;
  let minutes: Intl.DateTimeFormat | undefined;
  const cache = new Map<number, Time>();
  return {
    tag,
    direction: direction === 'rtl' ? 'rtl' : 'ltr',
    // `findIssues` compared it with English, and a test compares English with this type.
    texts: texts as unknown as Texts,
    timeOf(epochMs) {
      const moment = new Date(epochMs);
      seconds ??= new Intl.DateTimeFormat(locale, { ...form, timeStyle: 'long' });
      return { time: moment.toISOString(), timeText: seconds.format(moment) };
    },
    minuteOf(epochMs) {
      const minute = Math.floor(epochMs / MINUTE_MS) * MINUTE_MS;
      const known = cache.get(minute);
      if (known) return known;
      const moment = new Date(minute);
      minutes ??= new Intl.DateTimeFormat(locale, { ...form, timeStyle: 'short' });
      const text = `${minutes.format(moment)} UTC`;
      if (cache.size >= MAX_CACHED) cache.clear();
      const time = { time: moment.toISOString(), timeText: text };
      cache.set(minute, time);
      return time;
    },
  };
}
