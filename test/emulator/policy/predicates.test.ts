import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PredicateMethod, PredicateValidation } from '../../../dist/emulator/policy/claims.js';
import { matchesPattern } from '../../../dist/emulator/policy/patterns.js';
import { failedPredicates } from '../../../dist/emulator/policy/predicates.js';
import { ORIGIN } from './journey-run.js';

const clock = { now: () => Date.parse('2026-03-15T23:59:00Z') };

const predicate = (id: string, method: PredicateMethod, parameters: Record<string, string>) => ({
  ...ORIGIN,
  ...{ id, method, helpText: `help of ${id}` },
  parameters: new Map(Object.entries(parameters)),
});

const validation = (...groups: Partial<PredicateValidation['groups'][number]>[]) => ({
  ...ORIGIN,
  id: 'validation',
  groups: groups.map(({ predicates = [], ...group }, index) => ({
    ...{ ...ORIGIN, id: `group ${index}`, userHelpText: undefined },
    ...{ matchAtLeast: predicates.length, predicates, ...group },
  })),
});

const SYMBOLS = String.raw`@#$%^&*\-_+=[]{}|\\:',.?/~"();!`;

/** Method, parameters, texts that pass, texts that fail. */
const ROWS: readonly (readonly [PredicateMethod, Record<string, string>, string[], string[]])[] = [
  [
    'IsLengthRange',
    { Minimum: '8', Maximum: '10' },
    ['12345678', '1234567890'],
    ['1234567', '12345678901', ''],
  ],
  ['IsLengthRange', { minimum: '2' }, ['12', 'x'.repeat(5000)], ['1']],
  ['IsLengthRange', { Maximum: '2' }, ['', '12'], ['123']],
  ['MatchesRegex', { RegularExpression: '^[0-9]+$' }, ['123'], ['', '12a', '12 ']],
  [
    'MatchesRegex',
    { RegularExpression: String.raw`(^\S.*\S$)|(^\S+$)|(^$)` },
    ['', 'a', 'a b'],
    [' a', 'a '],
  ],
  ['MatchesRegex', { RegularExpression: '(?i)^abc$' }, ['ABC'], ['abcd']],
  ['IncludesCharacters', { CharacterSet: 'a-z' }, ['Aa', 'z'], ['', 'A1-', 'Ä']],
  ['IncludesCharacters', { CharacterSet: '0-9' }, ['a0', '9'], ['a-b']],
  [
    'IncludesCharacters',
    { CharacterSet: SYMBOLS },
    ['a-', 'a]', 'a[', '\\', '!'],
    ['a', 'A9', ' ', '<'],
  ],
  [
    'IsDateRange',
    { Minimum: '1970-01-01', Maximum: 'Today' },
    ['1970-01-01', '2026-03-15'],
    ['1969-12-31', '2026-03-16', 'soon'],
  ],
  [
    'IsDateRange',
    { Minimum: 'today', Maximum: '2030-01-01' },
    ['2026-03-15', '2030-01-01T00:00:00Z'],
    ['2026-03-14', '2030-01-02'],
  ],
];

describe('predicates', () => {
  for (const [method, parameters, passing, failing] of ROWS) {
    test(`${method} with ${JSON.stringify(parameters)}`, () => {
      const rule = validation({ predicates: [predicate('p', method, parameters)] });
      const failed = (text: string) => failedPredicates(rule, text, clock).length > 0;
      assert.deepEqual([...passing, ...failing].filter(failed), failing);
    });
  }
});

describe('predicate validations', () => {
  const length = predicate('length', 'IsLengthRange', { Minimum: '8', Maximum: '64' });
  const lower = predicate('lower', 'IncludesCharacters', { CharacterSet: 'a-z' });
  const upper = predicate('upper', 'IncludesCharacters', { CharacterSet: 'A-Z' });
  const digit = predicate('digit', 'IncludesCharacters', { CharacterSet: '0-9' });
  const strong = validation(
    { predicates: [length] },
    { predicates: [lower, upper, digit], matchAtLeast: 2, userHelpText: 'at least 2 of:' },
  );
  const helpTexts = (text: string) => failedPredicates(strong, text, clock).map((one) => one.text);

  test('passes if every group has enough predicates that pass', () => {
    assert.deepEqual(helpTexts('abcdefgH'), []);
    assert.deepEqual(helpTexts('ABCDEFG1'), []);
  });

  test('gives the help text of a group that failed, then those of its predicates that failed', () => {
    assert.deepEqual(helpTexts('abcdefgh'), ['at least 2 of:', 'help of upper', 'help of digit']);
    assert.deepEqual(helpTexts('aB'), ['help of length']);
    assert.equal(helpTexts('').length, 5);
  });

  test('names the predicate, so that the language can replace its text', () => {
    assert.deepEqual(failedPredicates(strong, 'aB', clock), [
      { predicate: 'length', text: 'help of length' },
    ]);
  });
});

describe('expressions of .NET', () => {
  /** Expression, text that matches, text that does not. */
  const rows: readonly (readonly [string, string, string])[] = [
    ['(?i)^a(?-i)b$', 'Ab', 'xb'],
    ['^(?i:abc)d$', 'ABCd', 'ABd'],
    ["^(?'first'a)b$", 'ab', 'a'],
    [String.raw`\Aab\z`, 'ab', 'xab'],
    [String.raw`\Aab\Z`, 'ab', 'abx'],
    ['^a(?#comment)b$', 'ab', 'a#b'],
    ['^(?>a+)b$', 'aab', 'aa'],
    [String.raw`^\p{Lu}+$`, 'ÄÖ', 'äö'],
    [String.raw`^[\w\-]+\-$`, 'a-', 'a'],
    ['(?s)^a.b$', 'a\nb', 'ab'],
    [String.raw`^\\A$`, String.raw`\A`, 'A'],
    [String.raw`^(?=([^,]+)).+(?=(\1))`, 'a,a', 'a,b'],
  ];
  for (const [source, match, other] of rows) {
    test(source, () => {
      assert.equal(matchesPattern(source, match), true);
      assert.equal(matchesPattern(source, other), false);
    });
  }

  test('an invalid expression ends the journey', () => {
    assert.throws(() => matchesPattern('[', 'a'), { name: 'JourneyError' });
  });
});
