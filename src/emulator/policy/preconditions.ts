import { claimText } from './claim-text.ts';
import { type ClaimsBag, type ClaimValue, readClaim } from './claims-bag.ts';
import type { Precondition } from './technical-profile.ts';
import type { PreconditionTrace } from './trace.ts';

/**
 * Checks preconditions in their order. The first that is satisfied skips the step, and the rest are not
 * checked. `record` gets every one that was.
 */
export function isSkipped(
  preconditions: readonly Precondition[],
  bag: ClaimsBag,
  record: (trace: PreconditionTrace) => void = () => {},
): boolean {
  return preconditions.some((precondition) => {
    const { type, claimType, executeActionsIf, value, file, line, column } = precondition;
    const actual = readClaim(bag, claimType);
    const isSatisfied = isPreconditionSatisfied(precondition, actual);
    record({
      ...{ file, line, column, type, claim: claimType.id, executeActionsIf },
      ...{ expected: value, actual, isSatisfied },
    });
    return isSatisfied;
  });
}

/** `ClaimEquals` on a claim without a value is ignored, whatever `ExecuteActionsIf` is. */
function isPreconditionSatisfied(
  { type, executeActionsIf, value = '' }: Precondition,
  actual: ClaimValue | undefined,
): boolean {
  if (type === 'ClaimsExist') return (actual !== undefined) === executeActionsIf;
  return actual !== undefined && isEqual(actual, value) === executeActionsIf;
}

/** Texts are compared with case. Booleans without: published policies write `True` and `true`. */
function isEqual(actual: ClaimValue, expected: string): boolean {
  if (typeof actual === 'boolean') return String(actual) === expected.trim().toLowerCase();
  return claimText(actual) === expected;
}
