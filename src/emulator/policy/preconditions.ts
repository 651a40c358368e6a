import { claimText } from './claim-text.ts';
import { type ClaimsBag, type ClaimValue, readClaim } from './claims-bag.ts';
import type { Precondition } from './technical-profile.ts';
import type { PreconditionTrace } from './trace.ts';
import { maskClaim } from './trace-profile.ts';

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
      ...{ expected: value, isSatisfied },
      actual: maskClaim(claimType.id, actual),
    });
    return isSatisfied;
  });
}

/** Why a precondition skips, with the value compared. */
export function describePrecondition({ type, claim, expected, actual }: PreconditionTrace): string {
  const compared = expected === undefined ? '' : ` "${expected}"`;
  const value = actual === undefined ? 'no value' : `the value ${claimText(actual)}`;
  return `${type} ${claim}${compared}: the claim has ${value}`;
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
