/** The answers of a run: the steps of the user on each page, in order. */
import { didYouMean } from '../../did-you-mean.ts';

export type AnswerValue = string | number | boolean | readonly string[];

export interface PageAnswer {
  /** Content definition of the page that the entry is for. */
  readonly page?: string;
  /** Values of fields, by claim ID. The others keep what the page shows. */
  readonly fill?: Readonly<Record<string, AnswerValue>>;
  /** Claims that are verified with a code before `press`. */
  readonly verify?: string | readonly string[];
  /** Claim ID of the field that gets the current code of the user's authenticator app. */
  readonly totp?: string;
  /** Selects "Keep me signed in", or not. */
  readonly keepMeSignedIn?: boolean;
  /** `continue` (default), `cancel`, `createAccount`, `forgotPassword`, or the ID of a claims exchange. */
  readonly press?: string;
}

/** A sign-in at an identity provider, after its button if a page has one. */
export interface ProviderAnswer {
  /** Domain of the provider, or the ID of its claims exchange or technical profile. */
  readonly provider: string;
  /** Claims of the provider, by partner claim type. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface RequestAnswer {
  /** Parameters of the authorization request. */
  readonly request: Readonly<Record<string, string>>;
}

/** The first entry may be a `request`. */
export type Answer = PageAnswer | ProviderAnswer | RequestAnswer;

/** An answer has the wrong form, or does not fit the page that is open. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

const MEMBERS = {
  request: ['request'],
  provider: ['provider', 'claims'],
  page: ['page', 'fill', 'verify', 'totp', 'keepMeSignedIn', 'press'],
} as const;

/** @throws AnswerError that names the first entry that is no answer */
export function parseAnswers(value: unknown): {
  request: Readonly<Record<string, string>>;
  answers: readonly (PageAnswer | ProviderAnswer)[];
} {
  if (!Array.isArray(value))
    throw new AnswerError('The answers are a list with an entry per page.');
  const entries = value.map((entry: unknown, index) => parseAnswer(entry, index));
  const [first, ...rest] = entries;
  const request = first && 'request' in first ? first.request : {};
  const answers = first && 'request' in first ? rest : entries;
  return { request, answers: answers as (PageAnswer | ProviderAnswer)[] };
}

function parseAnswer(entry: unknown, index: number): Answer {
  const refuse = (why: string) => new AnswerError(`Answer ${index + 1} ${why}.`);
  if (!isRecord(entry)) throw refuse('is not an object');
  const kind = 'request' in entry ? 'request' : 'provider' in entry ? 'provider' : 'page';
  if (kind === 'request' && index > 0) throw refuse('has "request", which only the first may have');
  const known: readonly string[] = MEMBERS[kind];
  const unknown = Object.keys(entry).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const all = Object.values(MEMBERS).flat();
    throw refuse(`has "${unknown}", which does not belong there${didYouMean(unknown, all)}`);
  }
  for (const name of ['request', 'claims', 'fill']) {
    if (name in entry && !isRecord(entry[name])) throw refuse(`needs an object as "${name}"`);
  }
  for (const name of ['page', 'totp', 'press', 'provider']) {
    if (name in entry && typeof entry[name] !== 'string') throw refuse(`needs a text as "${name}"`);
  }
  if (typeof (entry['keepMeSignedIn'] ?? true) !== 'boolean') {
    throw refuse('needs true or false as "keepMeSignedIn"');
  }
  return entry as unknown as Answer;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
