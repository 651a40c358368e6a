/** Methods for dates and times, and for the age of a user. */
import { parseTime } from '../claim-text.ts';
import { ClaimsError } from '../claims-error.ts';
import { classifyAge } from './ages.ts';
import { fail, type Method, type MethodCall, valueMethods } from './method.ts';

/** Epoch milliseconds. */
function time({ text }: MethodCall, name: string): number | undefined {
  const value = text(name);
  return value === undefined ? undefined : requireTime(value);
}

const requireTime = (value: string): number => parseTime(value) ?? fail(`"${value}" is not a date`);

function isoTime(call: MethodCall, name: string): string | undefined {
  const value = time(call, name);
  return value === undefined ? undefined : new Date(value).toISOString();
}

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
  if (right === undefined) return call.isOn('AssertIfRightOperandIsNotPresent');
  if (left === undefined) return false;
  const tolerance = Number(call.parameter('TreatAsEqualIfWithinMillseconds') ?? 0);
  const isSameTime = Math.abs(left - right) <= tolerance;
  return isSameTime ? !call.isOn('AssertIfEqualTo', true) : left > right;
}

export const DATE_METHODS: Record<string, Method> = {
  ...valueMethods({
    ConvertDateTimeToDateClaim: (call) => isoTime(call, 'inputClaim')?.slice(0, 10),
    ConvertDateToDateTimeClaim: (call) => isoTime(call, 'inputClaim'),
  }),
  AssertDateTimeIsGreaterThan(call) {
    if (isLater(call)) return {};
    throw new ClaimsError('DateTimeGreaterThan', 'The left time is not later than the right one');
  },
  DateTimeComparison(call) {
    const first = time(call, 'firstDateTime') ?? fail('firstDateTime has no value');
    const second = time(call, 'secondDateTime') ?? call.context.now();
    const operator = (call.parameter('operator') ?? '').trim().toLowerCase();
    const compare = COMPARISONS[operator] ?? fail(`There is no operator "${operator}"`);
    const seconds = Number(call.parameter('timeSpanInSeconds') ?? 0);
    return { result: compare(first + seconds * 1000, second) };
  },
  GetAgeGroupAndConsentProvided(call) {
    const { requiresParentalConsent: _, ...outputs } = classifyAge(call);
    return outputs;
  },
  GetAgeGroupConsentProvidedAndRequiresConsent: classifyAge,
  GetCurrentDateTime: ({ context }) => ({
    currentDateTime: new Date(context.now()).toISOString(),
  }),
  IsTermsOfUseConsentRequired(call) {
    const consent = time(call, 'termsOfUseConsentDateTime');
    const update = requireTime(call.parameter('termsOfUseTextUpdateDateTime') ?? '');
    return { result: consent === undefined || consent < update };
  },
};
