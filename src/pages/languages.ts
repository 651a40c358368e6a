import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SignInErrorCode } from '../errors.ts';

/** Texts by page and name; those that only templates use are known to `languages/en.json` alone. */
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
  /** What each claim is. */
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
  /** The same to the minute; those of a while are remembered, as formatting takes its time. */
  minuteOf(epochMs: number): Time;
}

/** A moment for machines (ISO 8601) and for people. */
export interface Time {
  time: string;
  timeText: string;
}

/** What is shown when nothing else is wanted; also the list of all texts that there are. */
export const DEFAULT_LANGUAGE = 'en';

const MINUTE_MS = 60_000;
// More minutes than a session lasts.
const MAX_REMEMBERED = 1_000;

type Tree = { [name: string]: string | Tree };

/**
 * The languages of the `languages` folder in each of `folders`, the default one first. Texts of a later
 * folder replace those of an earlier one; what a language lacks is English.
 * @throws Error that names every fault of the files
 */
export function loadLanguages(folders: readonly string[]): Language[] {
  const faults: string[] = [];
  const found = new Map<string, Tree>();
  let english: Tree | undefined;
  for (const { name, file } of folders.flatMap(filesIn)) {
    const tag = canonicalTag(name);
    const texts = parse(file);
    if (!tag) faults.push(`${file}: ${name} is no language tag, such as de or pt-BR`);
    if (!texts) faults.push(`${file} is no JSON object`);
    if (!tag || !texts) continue;
    english ??= texts;
    faults.push(...faultsOf(texts, english).map((fault) => `${file}: ${fault}`));
    found.set(tag, merge(found.get(tag) ?? found.get(DEFAULT_LANGUAGE) ?? {}, texts));
  }
  if (faults.length > 0)
    throw new Error(`the texts of the pages have faults:\n${faults.join('\n')}`);
  return [...found].map(([tag, texts]) => languageOf(tag, texts));
}

function filesIn(folder: string): { name: string; file: string }[] {
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

function faultsOf(texts: Tree, known: Tree, place = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) => {
    const name = place + key;
    const like = Object.hasOwn(known, key) ? known[key] : undefined;
    if (like === undefined) return [`there is no text ${name}`];
    if (isTree(like)) {
      return isTree(value) ? faultsOf(value, like, `${name}.`) : [`${name} must be an object`];
    }
    if (typeof value !== 'string' || value.trim() === '') return [`${name} must be text`];
    if (name === 'direction' && !/^(ltr|rtl)$/.test(value)) return [`${name} must be ltr or rtl`];
    return [];
  });
}

function merge(base: Tree, over: Tree): Tree {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = base[key];
    merged[key] = isTree(value) && isTree(before) ? merge(before, value) : value;
  }
  return merged;
}

function languageOf(tag: string, { direction, ...texts }: Tree): Language {
  // English without a country would put the month first, as few do outside the United States.
  const locale = tag === DEFAULT_LANGUAGE ? 'en-GB' : tag;
  const form = { dateStyle: 'medium', timeZone: 'UTC' } as const;
  // Made on first use: they are slow to make, and few languages are ever shown.
  let seconds: Intl.DateTimeFormat | undefined;
  let minutes: Intl.DateTimeFormat | undefined;
  const remembered = new Map<number, Time>();
  return {
    tag,
    direction: direction === 'rtl' ? 'rtl' : 'ltr',
    // `faultsOf` has held it against English, and a test that against this type.
    texts: texts as unknown as Texts,
    timeOf(epochMs) {
      const moment = new Date(epochMs);
      seconds ??= new Intl.DateTimeFormat(locale, { ...form, timeStyle: 'long' });
      return { time: moment.toISOString(), timeText: seconds.format(moment) };
    },
    minuteOf(epochMs) {
      const minute = Math.floor(epochMs / MINUTE_MS) * MINUTE_MS;
      const known = remembered.get(minute);
      if (known) return known;
      const moment = new Date(minute);
      minutes ??= new Intl.DateTimeFormat(locale, { ...form, timeStyle: 'short' });
      const text = `${minutes.format(moment)} UTC`;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const time = { time: moment.toISOString(), timeText: text };
      remembered.set(minute, time);
      return time;
    },
  };
}
