import { parseTime } from '../claim-text.ts';
import { ClaimsError } from '../claims-error.ts';
import { AGE_METHODS } from './ages.ts';
import { fail, isOn, type Method, type MethodCall, parameter, text } from './method.ts';

/** Epoch milliseconds. */
function time(call: MethodCall, name: string): number | undefined {
  const value = text(call, name);
  return value === undefined ? undefined : requireTime(value);
}

const requireTime = (value: string): number => parseTime(value) ?? fail(`"${value}" is not a date`);

const isoTime = (value: number): string => new Date(value).toISOString();

/** "greater than" and "less than" are in examples of the documentation, but not in its table. */
const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  'later than': (left, right) => left > right,
  'greater than': (left, right) => left > right,
  'earlier than': (left, right) => left < right,
  'less than': (left, right) => left < right,
  same: (left, right) => left === right,
};

/** The left time has to be later. Parameters decide about equal times and a missing right one. */
function isLater(call: MethodCall): boolean {
  const left = time(call, 'leftOperand');
  const right = time(call, 'rightOperand');
  if (right === undefined) return isOn(call, 'AssertIfRightOperandIsNotPresent');
  if (left === undefined) return false;
  const tolerance = Number(parameter(call, 'TreatAsEqualIfWithinMillseconds') ?? 0);
  const isSameTime = Math.abs(left - right) <= tolerance;
  return isSameTime ? !isOn(call, 'AssertIfEqualTo', true) : left > right;
}

export const DATE_METHODS = {
  ...AGE_METHODS,
  AssertDateTimeIsGreaterThan(call) {
    if (isLater(call)) return {};
    throw new ClaimsError('DateTimeGreaterThan', 'The left time is not later than the right one');
  },
  ConvertDateTimeToDateClaim(call) {
    const value = time(call, 'inputClaim');
    return { outputClaim: value === undefined ? undefined : isoTime(value).slice(0, 10) };
  },
  ConvertDateToDateTimeClaim(call) {
    const value = time(call, 'inputClaim');
    return { outputClaim: value === undefined ? undefined : isoTime(value) };
  },
  DateTimeComparison(call) {
    const first = time(call, 'firstDateTime') ?? fail('firstDateTime has no value');
    const second = time(call, 'secondDateTime') ?? call.context.now();
    const operator = (parameter(call, 'operator') ?? '').trim().toLowerCase();
    const compare = COMPARISONS[operator] ?? fail(`There is no operator "${operator}"`);
    const seconds = Number(parameter(call, 'timeSpanInSeconds') ?? 0);
    return { result: compare(first + seconds * 1000, second) };
  },
  GetCurrentDateTime: ({ context }) => ({ currentDateTime: isoTime(context.now()) }),
  IsTermsOfUseConsentRequired(call) {
    const consent = time(call, 'termsOfUseConsentDateTime');
    const update = requireTime(parameter(call, 'termsOfUseTextUpdateDateTime') ?? '');
    return { result: consent === undefined || consent < update };
  },
} satisfies Record<string, Method>;
