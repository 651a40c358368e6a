import { ClaimsError } from '../claims-error.ts';
import { matchPattern } from '../patterns.ts';
import { failedPredicates } from '../predicates.ts';
import { formatText } from './format-text.ts';
import { fail, isEqual, type Method, type MethodCall, valueMethods } from './method.ts';

const isSame = ({ parameter }: MethodCall, left: string | undefined, right: string | undefined) =>
  isEqual(left, right, isEqual(parameter('stringComparison'), 'ordinalIgnoreCase', true));

const compare = (
  { isOn, parameter }: MethodCall,
  left: string | undefined,
  right: string | undefined,
): boolean =>
  isEqual(left, right, isOn('ignoreCase')) !==
  isEqual(parameter('operator')?.trim(), 'NOT EQUAL', true);

/** Applies the function to a text; a claim without a value has a result without one. */
const onText =
  (name: string, change: (value: string, call: MethodCall) => string) => (call: MethodCall) => {
    const value = call.text(name);
    return value === undefined ? undefined : change(value, call);
  };

/** `String.Format` of a parameter with these claims. */
const format =
  (...names: string[]) =>
  ({ parameter, claim }: MethodCall): string =>
    formatText(parameter('stringFormat') ?? '', names.map(claim));

function copyIfMatch({ text, outputClaims, context }: MethodCall): string | undefined {
  const value = text('inputClaim');
  const { pattern, predicateValidation } = outputClaims[0]?.claimType ?? {};
  const isMatch =
    value !== undefined &&
    (!pattern || matchPattern(pattern.value.regularExpression, value) !== null) &&
    (!predicateValidation || failedPredicates(predicateValidation, value, context).length === 0);
  return isMatch ? value : undefined;
}

function lookUp({ text, parameter, isOn }: MethodCall): string | undefined {
  const key = text('inputParameterId');
  const isSetting = key === undefined || isEqual(key, 'errorOnFailedLookup', true);
  const value = isSetting ? undefined : parameter(key);
  if (value === undefined && isOn('errorOnFailedLookup')) {
    throw new ClaimsError('LookupNotFound', `There is no parameter "${key ?? ''}"`);
  }
  return value;
}

export const TEXT_METHODS: Record<string, Method> = {
  ...valueMethods({
    ChangeCase: onText('inputClaim1', (value, { parameter }) =>
      isEqual(parameter('toCase'), 'UPPER', true) ? value.toUpperCase() : value.toLowerCase(),
    ),
    CompareClaims: (call) => compare(call, call.text('inputClaim1'), call.text('inputClaim2')),
    CompareClaimToValue: (call) =>
      compare(call, call.text('inputClaim1'), call.parameter('compareTo')),
    CopyClaimIfPredicateMatch: copyIfMatch,
    FormatLocalizedString({ claims, parameter, context }) {
      const id = parameter('stringFormatId') ?? '';
      const text = context.text('FormatLocalizedStringTransformationClaimType', id);
      const values = claims.map(({ value }) => value);
      return formatText(text ?? fail(`There is no string ${id}`), values);
    },
    FormatStringClaim: format('inputClaim'),
    FormatStringMultipleClaims: format('inputClaim1', 'inputClaim2'),
    LookupValue: lookUp,
    StringContains({ text, parameter, isOn }) {
      const fold = (value: string) => (isOn('ignoreCase') ? value.toUpperCase() : value);
      const value = text('inputClaim');
      return value !== undefined && fold(value).includes(fold(parameter('contains') ?? ''));
    },
    StringReplace: onText('inputClaim', (value, { parameter }) => {
      const old = parameter('oldValue') ?? '';
      return old === '' ? value : value.replaceAll(old, () => parameter('newValue') ?? '');
    }),
    StringSubstring: onText('inputClaim', (value, { parameter }) => {
      const start = Number(parameter('startIndex'));
      const end = start + Number(parameter('length'));
      if (!(start >= 0 && end >= start && end <= value.length)) {
        fail(`A text of ${value.length} characters has no substring from ${start} to ${end}`);
      }
      return value.slice(start, end);
    }),
  }),
  AssertStringClaimsAreEqual(call) {
    if (isSame(call, call.text('inputClaim1'), call.text('inputClaim2'))) return {};
    throw new ClaimsError(
      'UserMessageIfClaimsTransformationStringsAreNotEqual',
      'The two claims are not equal',
    );
  },
  CreateStringClaim: ({ parameter }) => ({ createdClaim: parameter('value') }),
  GetLocalizedStringsTransformation: ({ outputClaims, context }) =>
    Object.fromEntries(
      outputClaims.map(({ argument, claimType }) => {
        const id = argument ?? claimType.id;
        return [id, context.text('GetLocalizedStringsTransformationClaimType', id)];
      }),
    ),
  GetMappedValueFromLocalizedCollection({ text, outputClaims, context }) {
    const type = outputClaims[0]?.claimType;
    const choice = type && context.options(type).find((one) => one.text === text('mapFromClaim'));
    return { restrictionValueClaim: choice?.value };
  },
  ParseDomain({ text }) {
    const [, domain] = /^[^@]+@([^@]+)$/.exec(text('emailAddress') ?? '') ?? [];
    return { domain };
  },
  SetClaimsIfRegexMatch({ text, parameter, isOn }) {
    const value = text('claimToMatch');
    const match = value === undefined ? null : matchPattern(parameter('matchTo') ?? '', value);
    return {
      ...(isOn('extractGroups') ? match?.groups : {}),
      outputClaim: match ? parameter('outputClaimIfMatched') : undefined,
      regexCompareResultClaim: match !== null,
    };
  },
  SetClaimsIfStringsAreEqual(call) {
    const { text, parameter } = call;
    const isMatch = isSame(call, text('inputClaim'), parameter('matchTo'));
    const constants = {
      outputClaim1: parameter('stringMatchMsg'),
      outputClaim2: parameter('stringMatchMsgCode'),
    };
    return { ...(isMatch ? constants : {}), stringCompareResultClaim: isMatch };
  },
  SetClaimsIfStringsMatch(call) {
    const { text, parameter } = call;
    const isMatch = isSame(call, text('claimToMatch'), parameter('matchTo'));
    return {
      outputClaim: isMatch ? parameter('outputClaimIfMatched') : undefined,
      stringCompareResultClaim: isMatch,
    };
  },
};
