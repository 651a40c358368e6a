import type { ClaimType, DataType } from './claims.ts';
import type { ClaimValue } from './claims-bag.ts';

/**
 * Reads the text of a form, of a default value or of another party as the type of the claim. An empty
 * text is no value; a text that does not fit the type gives `undefined` too.
 */
export function parseClaimText({ dataType }: ClaimType, text: string): ClaimValue | undefined {
  if (text === '') return undefined;
  return (PARSERS[dataType?.value ?? 'string'] ?? String)(text);
}

const ZONE = /Z|UTC|GMT|[ECMP][SD]T|:[\d.]+ ?[+-]\d\d/i;

/** Epoch milliseconds of a date. A text without a time zone is in UTC, wherever the emulator runs. */
export function parseTime(text: string): number | undefined {
  const spellings = ZONE.test(text) ? [text] : [`${text}Z`, `${text} Z`, text];
  return spellings.map((spelling) => Date.parse(spelling)).find((time) => !Number.isNaN(time));
}

const parseDate = (text: string): string | undefined => {
  // Unix time is the form in tokens.
  const time = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : parseTime(text);
  return time === undefined ? undefined : new Date(time).toISOString();
};

const parseNumber = (text: string): number | undefined =>
  /^[+-]?\d+$/.test(text.trim()) ? Number(text) : undefined;

const PARSERS: Partial<Record<DataType, (text: string) => ClaimValue | undefined>> = {
  boolean: (text) =>
    ({ true: true, '1': true, false: false, '0': false })[text.trim().toLowerCase()],
  int: parseNumber,
  long: parseNumber,
  date: (text) => parseDate(text)?.slice(0, 10),
  dateTime: parseDate,
  stringCollection: (text) => parseList(text) ?? text.split(',').map((item) => item.trim()),
  userIdentity: parseJson,
  userIdentityCollection: parseList,
  alternativeSecurityIdCollection: parseList,
};

function parseJson<Value extends ClaimValue>(text: string): Value | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Value) : undefined;
  } catch {
    return undefined;
  }
}

function parseList<Value extends ClaimValue>(text: string): Value | undefined {
  const list = parseJson<Value>(text);
  return Array.isArray(list) ? list : undefined;
}

/** Fits a value of another party or of another claim to the type of the claim. */
export function convertClaim(type: ClaimType, value: unknown): ClaimValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (type.dataType?.value === 'stringCollection') {
    return Array.isArray(value) ? value.map(String) : [String(value)];
  }
  if (typeof value === 'object') {
    const isText = (type.dataType?.value ?? 'string') === 'string';
    return isText ? JSON.stringify(value) : (value as ClaimValue);
  }
  return parseClaimText(type, String(value));
}

/** The value as policies write it: collections with commas, objects as JSON. */
export function claimText(value: ClaimValue): string {
  if (typeof value !== 'object') return String(value);
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isTexts ? value.join(',') : JSON.stringify(value);
}
