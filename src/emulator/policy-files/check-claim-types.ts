import type { ClaimType, DataType, Predicate, UserInputType } from '../policy/claims.ts';
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

const CHOICES: readonly UserInputType[] = [
  ...(['RadioSingleSelect', 'DropdownSingleSelect', 'CheckboxMultiSelect'] as const),
];

/** The parameters of each predicate method. */
const PREDICATE_PARAMETERS: Record<string, readonly string[]> = {
  IsLengthRange: ['Minimum', 'Maximum'],
  MatchesRegex: ['RegularExpression'],
  IncludesCharacters: ['CharacterSet'],
  IsDateRange: ['Minimum', 'Maximum'],
};

export function checkClaimType(
  claimType: ClaimType,
  { report, localized }: { report: Report; localized: ReadonlySet<string> },
): void {
  const { id, dataType, userInputType, pattern } = claimType;
  if (!dataType)
    report('claim-type-without-data-type', claimType, `The claim type "${id}" has no DataType`);
  if (dataType && userInputType) {
    const types = FIELD_TYPES[userInputType.value] ?? SHOWN;
    if (!types.includes(dataType.value)) {
      const what = `${userInputType.value} cannot take the ${dataType.value} "${id}"`;
      report('input-type', userInputType, what);
    }
  }
  const hasOptions = claimType.enumeration.length > 0 || localized.has(id.toLowerCase());
  if (userInputType && CHOICES.includes(userInputType.value) && !hasOptions) {
    report(
      'options-missing',
      userInputType,
      `The claim type "${id}" has no Enumeration to choose from`,
    );
  }
  if (pattern && !isRegularExpression(pattern.value.regularExpression)) {
    report('pattern-invalid', pattern, `The pattern of "${id}" is not a regular expression`);
  }
}

export function checkPredicate(predicate: Predicate, report: Report): void {
  const { id, method, parameters } = predicate;
  const known = PREDICATE_PARAMETERS[method];
  if (!known) return;
  for (const name of known) {
    const value = parameters.get(name);
    if (value === undefined)
      report('predicate-parameter', predicate, `The predicate "${id}" has no ${name}`);
    else if (method === 'IsLengthRange' && !/^\d+$/.test(value)) {
      report(
        'predicate-parameter',
        predicate,
        `${name} of the predicate "${id}" is no whole number`,
      );
    }
  }
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue;
    const what = `${method} has no parameter "${name}": ${known.join(', ')}`;
    report('predicate-parameter', predicate, what);
  }
  const pattern = parameters.get('RegularExpression');
  if (pattern !== undefined && !isRegularExpression(pattern)) {
    report('pattern-invalid', predicate, `The pattern of "${id}" is not a regular expression`);
  }
}

/** A group that wants more predicates than it has never passes. */
export function checkPredicateValidation(validation: XmlElement, report: Report): void {
  for (const group of elementsAt(validation, 'PredicateGroups', 'PredicateGroup')) {
    const references = childOf(group, 'PredicateReferences');
    const atLeast = references && attributeOf(references, 'MatchAtLeast');
    const count = references?.children.length ?? 0;
    if (atLeast && Number(atLeast.value) > count) {
      report('match-at-least', atLeast, `MatchAtLeast is ${atLeast.value}, of ${count} predicates`);
    }
  }
}

/** Inline options such as `(?i)`, and `\A` and `\z`, are of .NET alone. */
export function isRegularExpression(pattern: string): boolean {
  const portable = pattern
    .replace(/\(\?[imnsx-]+\)/g, '')
    .replace(/\(\?[imnsx-]+:/g, '(?:')
    .replace(/\(\?>/g, '(?:')
    .replace(/\\[AzZG]/g, '');
  try {
    new RegExp(portable);
    return true;
  } catch {
    return false;
  }
}
