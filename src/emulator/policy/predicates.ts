/** Rules for what a user types: `Predicate` and `PredicateValidation`. */
import type { Predicate, PredicateMethod, PredicateValidation } from './claims.ts';
import { matchesPattern } from './patterns.ts';

/** A predicate, or a group with a help text. */
export interface FailedPredicate {
  /** ID of the predicate or of the group. */
  readonly predicate: string;
  readonly text: string | undefined;
}

/** The predicates that failed in groups that failed, each behind the help text of its group. */
export function failedPredicates(
  { groups }: PredicateValidation,
  text: string,
  clock: { now(): number },
): FailedPredicate[] {
  return groups.flatMap(({ id, userHelpText, matchAtLeast, predicates }) => {
    const failed = predicates.filter((predicate) => !passes(predicate, text, clock));
    if (predicates.length - failed.length >= matchAtLeast) return [];
    const ofGroup = userHelpText === undefined ? [] : [{ predicate: id, text: userHelpText }];
    return [...ofGroup, ...failed.map((one) => ({ predicate: one.id, text: one.helpText }))];
  });
}

type Test = (text: string, parameter: (id: string) => string, now: number) => boolean;

const METHODS: Record<PredicateMethod, Test> = {
  IsLengthRange: (text, parameter) =>
    text.length >= numberOr(parameter('Minimum'), 0) &&
    text.length <= numberOr(parameter('Maximum'), Number.POSITIVE_INFINITY),
  MatchesRegex: (text, parameter) => matchesPattern(parameter('RegularExpression'), text),
  IncludesCharacters: (text, parameter) => includesOneOf(parameter('CharacterSet'), text),
  IsDateRange: (text, parameter, now) => {
    const bound = (id: string, otherwise: string) => {
      const value = parameter(id).trim();
      const isToday = value.toLowerCase() === 'today';
      return isToday ? new Date(now).toISOString().slice(0, 10) : value || otherwise;
    };
    const date = text.slice(0, 10);
    return (
      /^\d{4}-\d\d-\d\d$/.test(date) &&
      date >= bound('Minimum', '0000-01-01') &&
      date <= bound('Maximum', '9999-12-31')
    );
  },
};

function passes({ method, parameters }: Predicate, text: string, clock: { now(): number }) {
  const parameter = (id: string) => {
    for (const [name, value] of parameters) {
      if (name.toLowerCase() === id.toLowerCase()) return value;
    }
    return '';
  };
  // `policies check` refuses unknown methods.
  return METHODS[method]?.(text, parameter, clock.now()) ?? true;
}

const numberOr = (text: string, otherwise: number): number =>
  text.trim() === '' || Number.isNaN(Number(text)) ? otherwise : Number(text);

// A backslash escapes one character, `a-z` is a range, and brackets are characters like others.
const CHARACTERS = /(?:\\(.)|([^\\]))(?:-(?:\\(.)|([^\\])))?/gsu;

/** The characters of a set such as `a-z0-9`, each once. */
export function charactersOf(characterSet: string): string[] {
  const letters = [...characterSet.matchAll(CHARACTERS)].flatMap(([, a, b, c, d]) => {
    const [from, to] = [a ?? b ?? '', c ?? d];
    if (to === undefined) return [from];
    const [first, last] = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0];
    if (last < first) return [from, '-', to];
    return Array.from({ length: last - first + 1 }, (_, index) =>
      String.fromCodePoint(first + index),
    );
  });
  return [...new Set(letters)];
}

function includesOneOf(characterSet: string, text: string): boolean {
  const characters = charactersOf(characterSet);
  return [...text].some((letter) => characters.includes(letter));
}
