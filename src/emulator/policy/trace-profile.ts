import type { ClaimsBag, ClaimValue } from './claims-bag.ts';
import type { Policy } from './policy.ts';
import type { TechnicalProfile } from './technical-profile.ts';
import type { ClaimChange, ProfileTrace, RestTrace } from './trace.ts';

// Secrets never get into a trace: it is shown in the dashboard and printed in CI.
const SECRET = /password|secret|otp|verificationcode|token|assertion/i;

const isSecretName = (name: string): boolean =>
  SECRET.test(name) && !/^(is|has|new.*created)|datetime$/i.test(name);

export const maskClaim = <Value extends ClaimValue | undefined>(
  name: string,
  value: Value,
): Value | string => (isSecretName(name) && typeof value === 'string' ? '•••' : value);

export function maskClaims<Value extends ClaimValue | undefined>(
  claims: Iterable<readonly [string, Value]> | Record<string, Value>,
): Record<string, Value | string> {
  const entries = Symbol.iterator in claims ? [...claims] : Object.entries(claims);
  return Object.fromEntries(entries.map(([name, value]) => [name, maskClaim(name, value)]));
}

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
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (id) => before.get(id) !== after.get(id),
  );
  return changed.map((id) => ({
    claim: findClaimType(id)?.id ?? id,
    before: maskClaim(id, before.get(id)),
    after: maskClaim(id, after.get(id)),
  }));
}
