import { ClaimsError } from '../claims-error.ts';
import { claim, fail, isEqual, isOn, type Method, parameter, text } from './method.ts';

const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  lessthan: (left, right) => left < right,
  greaterthan: (left, right) => left > right,
  greaterthanorequal: (left, right) => left >= right,
  lessthanorequal: (left, right) => left <= right,
  equal: (left, right) => left === right,
  notequal: (left, right) => left !== right,
};

export const NUMBER_METHODS = {
  AdjustNumber(call) {
    const isDecrement = isEqual(parameter(call, 'Operator'), 'DECREMENT', true);
    return { outputClaim: Number(claim(call, 'inputClaim') ?? 0) + (isDecrement ? -1 : 1) };
  },
  AssertNumber(call) {
    const value = claim(call, 'inputClaim') ?? fail('AssertNumber needs a number');
    const operator = parameter(call, 'Operator') ?? '';
    const compare = COMPARISONS[operator.toLowerCase()] ?? fail(`There is no ${operator}`);
    const isMatch = compare(Number(value), Number(parameter(call, 'CompareToValue')));
    if (!isOn(call, 'throwError', true)) return { outputClaim: isMatch };
    if (!isMatch) return {};
    const detail = `${value} is ${operator} ${parameter(call, 'CompareToValue')}`;
    throw new ClaimsError('AssertNumberError', detail);
  },
  ConvertNumberToStringClaim: (call) => ({ outputClaim: text(call, 'inputClaim') }),
} satisfies Record<string, Method>;
