import type { ClaimType, DataType, Predicate, UserInputType } from '../policy/claims.ts';
import { matchesPattern } from '../policy/patterns.ts';
import type { Report } from './rules.ts';
import { attributeOf, childOf, elementsAt, type XmlElement } from './xml-element.ts';

const TEXTS: readonly DataType[] = ['string'];
const SHOWN: readonly DataType[] = [
  ...(['boolean', 'date', 'dateTime', 'duration', 'int', 'long', 'string', 'phoneNumber'] as const),
  'stringCollection',
];

/** The data types that each kind of field can show or take. */
const FIELD_TYPES: Record<UserInputType, readonly DataType[]> = {
  TextBox: ['boolean', 'int', 'long', 'string', 'phoneNumber'],
  EmailBox: TEXTS,
  Password: TEXTS,
  DateTimeDropdown: ['date', 'dateTime'],
  RadioSingleSelect: ['string', 'boolean'],
  DropdownSingleSelect: ['string', 'boolean', 'int'],
  CheckboxMultiSelect: ['string', 'stringCollection', 'boolean'],
  Readonly: SHOWN,
  Paragraph: SHOWN,
  Button: SHOWN,
};

const CHOICES = ['RadioSingleSelect', 'DropdownSingleSelect', 'CheckboxMultiSelect'];

/** The parameters of each predicate method. */
const PREDICATE_PARAMETERS: Record<string, readonly string[]> = {
  IsLengthRange: ['Minimum', 'Maximum'],
  MatchesRegex: ['RegularExpression'],
  IncludesCharacters: ['CharacterSet'],
  IsDateRange: ['Minimum', 'Maximum'],
};

/** `localized` has the claim types whose choices come with a language. */
export function checkClaimType(
  claimType: ClaimType,
  { report, localized }: { report: Report; localized: ReadonlySet<string> },
): void {
  const { id, dataType, userInputType: input, pattern } = claimType;
  if (!dataType) report('claim-type-without-data-type', claimType, { id });
  if (dataType && input && !(FIELD_TYPES[input.value] ?? SHOWN).includes(dataType.value)) {
    report('input-type', input, { id, input: input.value, dataType: dataType.value });
  }
  const hasOptions = claimType.enumeration.length > 0 || localized.has(id.toLowerCase());
  if (input && CHOICES.includes(input.value) && !hasOptions)
    report('options-missing', input, { id });
  if (pattern && !isRegularExpression(pattern.value.regularExpression)) {
    report('pattern-invalid', pattern, { id });
  }
}

export function checkPredicate(predicate: Predicate, report: Report): void {
  const { id, method, parameters } = predicate;
  const known = PREDICATE_PARAMETERS[method];
  if (!known) return;
  const complain = (problem: string) => report('predicate-parameter', predicate, { problem });
  for (const name of known) {
    const value = parameters.get(name);
    if (value === undefined) complain(`The predicate "${id}" has no ${name}`);
    else if (method === 'IsLengthRange' && !/^\d+$/.test(value)) {
      complain(`${name} of the predicate "${id}" is no whole number`);
    }
  }
  for (const name of parameters.keys()) {
    if (!known.includes(name))
      complain(`${method} has no parameter "${name}": ${known.join(', ')}`);
  }
  const pattern = parameters.get('RegularExpression');
  if (pattern !== undefined && !isRegularExpression(pattern)) {
    report('pattern-invalid', predicate, { id });
  }
}

/** A group that wants more predicates than it has never passes. */
export function checkPredicateValidation(validation: XmlElement, report: Report): void {
  for (const group of elementsAt(validation, 'PredicateGroups/PredicateGroup')) {
    const references = childOf(group, 'PredicateReferences');
    const atLeast = attributeOf(references, 'MatchAtLeast');
    const count = references?.children.length ?? 0;
    if (!atLeast || !(Number(atLeast.value) > count)) continue;
    report('match-at-least', atLeast, { atLeast: atLeast.value, count });
  }
}

/** Whether a page can use the pattern. */
function isRegularExpression(pattern: string): boolean {
  try {
    matchesPattern(pattern, '');
    return true;
  } catch {
    return false;
  }
}
