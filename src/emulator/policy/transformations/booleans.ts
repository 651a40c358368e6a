import { ClaimsError } from '../claims-error.ts';
import { boolean, claim, isOn, type Method, type MethodCall } from './method.ts';

const equalsValue = (call: MethodCall): boolean =>
  claim(call, 'inputClaim') !== undefined &&
  boolean(call, 'inputClaim') === isOn(call, 'valueToCompareTo');

export const BOOLEAN_METHODS = {
  AndClaims: (call) => ({
    outputClaim: boolean(call, 'inputClaim1') && boolean(call, 'inputClaim2'),
  }),
  AssertBooleanClaimIsEqualToValue(call) {
    if (equalsValue(call)) return {};
    throw new ClaimsError(
      'UserMessageIfClaimsTransformationBooleanValueIsNotEqual',
      `The claim is not ${isOn(call, 'valueToCompareTo')}`,
    );
  },
  CompareBooleanClaimToValue: (call) => ({ compareResult: equalsValue(call) }),
  NotClaims: (call) => ({ outputClaim: !boolean(call, 'inputClaim') }),
  OrClaims: (call) => ({
    outputClaim: boolean(call, 'inputClaim1') || boolean(call, 'inputClaim2'),
  }),
} satisfies Record<string, Method>;
