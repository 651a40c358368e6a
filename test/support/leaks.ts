import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KEPT_IN_FULL, type Note, THEN_ONE_IN } from './leak-notes.js';

export interface Leak {
  kind: string;
  /** The test in which the value was first seen. */
  notedIn: string;
  outputFile: string;
  /** Without the value, and without what looks like another. */
  line: string;
}

export interface Search {
  values: number;
  bytes: number;
  leaks: Leak[];
}

/** The beginning is enough, because log lines cut long values. */
const NEEDLE_LENGTH = 24;
const KEY_LENGTH = 8;
const TOKEN = /eyJ[\w-]{8,}\.[\w-]{8,}/;

/** The one exception: the demo and the emulator name the accounts and secrets they invent. */
const ANNOUNCED = /^ {2}Application {2}\S+ {3}secret {2}\S+$|^ {4}\S+@\S+ +password {2}\S+$/;

interface Needle {
  text: string;
  note: Note;
}

interface Needles {
  /** By their first characters. */
  byKey: Map<string, Needle[]>;
  /** Whether a key has this hash at all: most of an output is passed over at the first glance. */
  isKey: Uint8Array;
  count: number;
}

// The last eight characters, because what is older has been shifted out of the 32 bits.
const hashOn = (hash: number, text: string, at: number) => (hash << 4) ^ text.charCodeAt(at);
const slotOf = (hash: number) => (hash ^ (hash >>> 12)) & 0xff_ff_ff;

/** Looks in the files `output-…` of a folder for each value in its files `notes-…`. */
export function searchForLeaks(folder: string): Search {
  const read = (prefix: string) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(prefix))
      .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
  const needles = indexNeedles(read('notes-').flatMap(({ text }) => parseNotes(text)));
  const search: Search = { values: needles.count, bytes: 0, leaks: [] };
  for (const { name, text } of read('output-')) {
    search.bytes += text.length;
    for (const line of text.replace(/\x1b\[[\d;]*m/g, '').split(/\r?\n/)) {
      const leak = findLeak(line, needles);
      if (leak) search.leaks.push({ ...leak, outputFile: name });
    }
  }
  return search;
}

const parseNotes = (text: string): Note[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

function indexNeedles(notes: Note[]): Needles {
  const byKey = new Map<string, Needle[]>();
  const isKey = new Uint8Array(1 << 24);
  const seen = new Set<string>();
  for (const note of notes) {
    const [, value] = note;
    // The parts of tokens and of signed cookies are as good as the whole.
    const parts = value.split('.').filter((part) => part.length >= 16);
    for (const whole of [value, ...parts].filter(isTelling)) {
      const text = whole.slice(0, NEEDLE_LENGTH);
      if (seen.has(text)) continue;
      seen.add(text);
      const key = text.slice(0, KEY_LENGTH);
      const others = byKey.get(key);
      if (others) others.push({ text, note });
      else byKey.set(key, [{ text, note }]);
      let hash = 0;
      for (let at = 0; at < KEY_LENGTH; at += 1) hash = hashOn(hash, key, at);
      isKey[slotOf(hash)] = 1;
    }
  }
  return { byKey, isKey, count: seen.size };
}

/** Not a word that a test makes up and a line may hold for another reason, like `forged`. */
function isTelling(value: string): boolean {
  const isLong = value.length >= 12 || (value.length >= KEY_LENGTH && /[^\w-]/.test(value));
  return isLong && new Set(value).size > 5;
}

function findLeak(line: string, { byKey, isKey }: Needles): Omit<Leak, 'outputFile'> | undefined {
  if (ANNOUNCED.test(line)) return undefined;
  for (const text of new Set([line, formDecoded(line)])) {
    let hash = 0;
    for (let end = 0; end < text.length; end += 1) {
      hash = hashOn(hash, text, end);
      if (!isKey[slotOf(hash)]) continue;
      const at = end + 1 - KEY_LENGTH;
      const candidates = byKey.get(text.slice(at, at + KEY_LENGTH));
      const found = candidates?.find((needle) => text.startsWith(needle.text, at));
      if (!found) continue;
      const [kind, , notedIn] = found.note;
      return { kind, notedIn, line: masked(text, found.text) };
    }
  }
  if (!TOKEN.test(line)) return undefined;
  return { kind: 'token, by its form', notedIn: 'no test', line: masked(line) };
}

const formDecoded = (line: string) =>
  line
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Replaces the value, with any continuation, and everything as long as a secret. */
function masked(line: string, beginning?: string): string {
  const [before = '', ...after] = beginning ? line.split(beginning) : [line];
  const rests = after.map((text) => text.replace(/^[\w.~+/=%@-]+/, ''));
  return [before, ...rests]
    .join('[…]')
    .replace(/[\w.~+/=%-]{20,}/g, '[…]')
    .slice(0, 300);
}

const SHOWN = 20;

/** One line when nothing was found, and else one for each of the first leaks. */
export function describeSearch({ values, bytes, leaks }: Search): string {
  const searched =
    `Searched for ${values} secret values in ${bytes} bytes of output ` +
    `(after the first ${KEPT_IN_FULL} of a test one in ${THEN_ONE_IN})`;
  if (leaks.length === 0) return `${searched}: none appears.`;
  const lines = leaks
    .slice(0, SHOWN)
    .map(
      ({ kind, notedIn, outputFile, line }) =>
        `  ${kind} (noted in ${notedIn}) appears in ${outputFile}: ${line}`,
    );
  return [`${searched}, and some appear, on ${leaks.length} lines:`, ...lines].join('\n');
}
