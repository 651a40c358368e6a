import { ClaimsError } from '../claims-error.ts';
import { matchPattern } from '../patterns.ts';
import { failedPredicates } from '../predicates.ts';
import { formatText } from './format-text.ts';
import {
  boolean,
  claim,
  fail,
  isEqual,
  isOn,
  isTrue,
  type Method,
  type MethodCall,
  parameter,
  text,
} from './method.ts';

const ignoresCase = (call: MethodCall): boolean =>
  isEqual(parameter(call, 'stringComparison'), 'ordinalIgnoreCase', true);

const compare = (call: MethodCall, left: string | undefined, right: string | undefined): boolean =>
  isEqual(left, right, isOn(call, 'ignoreCase')) !==
  isEqual(parameter(call, 'operator')?.trim(), 'NOT EQUAL', true);

/** Applies the function to a text; a claim without a value has a result without one. */
const onText = (name: string, change: (value: string, call: MethodCall) => string): Method =>
  function changeText(call) {
    const value = text(call, name);
    return { outputClaim: value === undefined ? undefined : change(value, call) };
  };

export const TEXT_METHODS = {
  AssertStringClaimsAreEqual(call) {
    if (isEqual(text(call, 'inputClaim1'), text(call, 'inputClaim2'), ignoresCase(call))) return {};
    throw new ClaimsError(
      'UserMessageIfClaimsTransformationStringsAreNotEqual',
      'The two claims are not equal',
    );
  },
  ChangeCase: onText('inputClaim1', (value, call) =>
    isEqual(parameter(call, 'toCase'), 'UPPER', true) ? value.toUpperCase() : value.toLowerCase(),
  ),
  CompareClaims: (call) => ({
    outputClaim: compare(call, text(call, 'inputClaim1'), text(call, 'inputClaim2')),
  }),
  CompareClaimToValue: (call) => ({
    outputClaim: compare(call, text(call, 'inputClaim1'), parameter(call, 'compareTo')),
  }),
  CopyClaimIfPredicateMatch(call) {
    const value = text(call, 'inputClaim');
    const { pattern, predicateValidation } = call.outputClaims[0]?.claimType ?? {};
    const isMatch =
      value !== undefined &&
      (!pattern || matchPattern(pattern.value.regularExpression, value) !== null) &&
      (!predicateValidation ||
        failedPredicates(predicateValidation, value, call.context).length === 0);
    return { outputClaim: isMatch ? value : undefined };
  },
  CreateStringClaim: (call) => ({ createdClaim: parameter(call, 'value') }),
  FormatLocalizedString(call) {
    const id = parameter(call, 'stringFormatId') ?? '';
    const kind = 'FormatLocalizedStringTransformationClaimType';
    const format = call.context.text(kind, id) ?? fail(`There is no string ${id}`);
    return {
      outputClaim: formatText(
        format,
        call.claims.map(({ value }) => value),
      ),
    };
  },
  FormatStringClaim: (call) => ({
    outputClaim: formatText(parameter(call, 'stringFormat') ?? '', [claim(call, 'inputClaim')]),
  }),
  FormatStringMultipleClaims: (call) => ({
    outputClaim: formatText(parameter(call, 'stringFormat') ?? '', [
      claim(call, 'inputClaim1'),
      claim(call, 'inputClaim2'),
    ]),
  }),
  GetLocalizedStringsTransformation: ({ outputClaims, context }) =>
    Object.fromEntries(
      outputClaims.map(({ argument, claimType }) => {
        const id = argument ?? claimType.id;
        return [id, context.text('GetLocalizedStringsTransformationClaimType', id)];
      }),
    ),
  GetMappedValueFromLocalizedCollection(call) {
    const value = text(call, 'mapFromClaim');
    const type = call.outputClaims[0]?.claimType;
    const choice = type && call.context.options(type).find((one) => one.text === value);
    return { restrictionValueClaim: choice?.value };
  },
  LookupValue(call) {
    const key = text(call, 'inputParameterId');
    const isSetting = key === undefined || isEqual(key, 'errorOnFailedLookup', true);
    const value = isSetting ? undefined : parameter(call, key);
    if (value === undefined && isOn(call, 'errorOnFailedLookup')) {
      throw new ClaimsError('LookupNotFound', `There is no parameter "${key ?? ''}"`);
    }
    return { outputClaim: value };
  },
  ParseDomain(call) {
    const [, domain] = /^[^@]+@([^@]+)$/.exec(text(call, 'emailAddress') ?? '') ?? [];
    return { domain };
  },
  SetClaimIfBooleansMatch: (call) =>
    boolean(call, 'claimToMatch') === isTrue(parameter(call, 'matchTo'))
      ? { outputClaim: parameter(call, 'outputClaimIfMatched') }
      : {},
  SetClaimsIfRegexMatch(call) {
    const value = text(call, 'claimToMatch');
    const match =
      value === undefined ? null : matchPattern(parameter(call, 'matchTo') ?? '', value);
    return {
      ...(isOn(call, 'extractGroups') ? match?.groups : {}),
      outputClaim: match ? parameter(call, 'outputClaimIfMatched') : undefined,
      regexCompareResultClaim: match !== null,
    };
  },
  SetClaimsIfStringsAreEqual(call) {
    const isMatch = isEqual(
      text(call, 'inputClaim'),
      parameter(call, 'matchTo'),
      ignoresCase(call),
    );
    const constants = {
      outputClaim1: parameter(call, 'stringMatchMsg'),
      outputClaim2: parameter(call, 'stringMatchMsgCode'),
    };
    return { ...(isMatch ? constants : {}), stringCompareResultClaim: isMatch };
  },
  SetClaimsIfStringsMatch(call) {
    const isMatch = isEqual(
      text(call, 'claimToMatch'),
      parameter(call, 'matchTo'),
      ignoresCase(call),
    );
    return {
      outputClaim: isMatch ? parameter(call, 'outputClaimIfMatched') : undefined,
      stringCompareResultClaim: isMatch,
    };
  },
  StringContains(call) {
    const fold = (value: string) => (isOn(call, 'ignoreCase') ? value.toUpperCase() : value);
    const value = text(call, 'inputClaim');
    const part = parameter(call, 'contains') ?? '';
    return { outputClaim: value !== undefined && fold(value).includes(fold(part)) };
  },
  StringReplace: onText('inputClaim', (value, call) => {
    const old = parameter(call, 'oldValue') ?? '';
    return old === '' ? value : value.replaceAll(old, () => parameter(call, 'newValue') ?? '');
  }),
  StringSubstring: onText('inputClaim', (value, call) => {
    const start = Number(parameter(call, 'startIndex'));
    const end = start + Number(parameter(call, 'length'));
    if (!(start >= 0 && end >= start && end <= value.length)) {
      fail(`A text of ${value.length} characters has no substring from ${start} to ${end}`);
    }
    return value.slice(start, end);
  }),
} satisfies Record<string, Method>;
