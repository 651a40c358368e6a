import type { ClaimsBag, ClaimValue } from './claims-bag.ts';
import type { Policy } from './policy.ts';
import type { TechnicalProfile } from './technical-profile.ts';
import type { ClaimChange, ProfileTrace, RestTrace } from './trace.ts';

// Secrets never get into a trace: it is shown in the dashboard and printed in CI.
const SECRET = /password|secret|otp|verificationcode|token|assertion/i;

const isSecretName = (name: string): boolean =>
  SECRET.test(name) && !/^(is|has|new.*created)|datetime$/i.test(name);

export const maskClaim = (name: string, value: ClaimValue): ClaimValue =>
  isSecretName(name) && typeof value === 'string' ? '•••' : value;

export const maskClaims = (
  claims: Iterable<readonly [string, ClaimValue]>,
): Record<string, ClaimValue> =>
  Object.fromEntries([...claims].map(([name, value]) => [name, maskClaim(name, value)]));

export function traceProfile(profile: TechnicalProfile, role: ProfileTrace['role']): ProfileTrace {
  const { file, line, column, id, handler, metadata } = profile;
  return {
    ...{ file, line, column, id, handler, role },
    metadata: [...metadata].map(([key, sourced]) => ({ key, ...sourced })),
    transformations: [],
    inputs: {},
    outputs: {},
    validations: [],
    requests: [],
    notes: [],
  };
}

export const describeResponse = ({ status, response = '' }: RestTrace): string =>
  `${status ?? 'no response'} ${response}`;

/** The claims that differ between two states of the bag, as the policy spells them. */
export function claimChanges(
  { findClaimType }: Pick<Policy, 'findClaimType'>,
  before: ClaimsBag,
  after: ClaimsBag,
): ClaimChange[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)];
    if (old === now) return [];
    const mask = (value: ClaimValue | undefined) =>
      value === undefined ? undefined : maskClaim(id, value);
    return { claim: findClaimType(id)?.id ?? id, before: mask(old), after: mask(now) };
  });
}
