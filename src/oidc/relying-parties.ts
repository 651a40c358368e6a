import { SignInError } from '../errors.ts';
import { formatPolicyRef, type Policy, type PolicyRef } from './policy.ts';
import type { RelyingParty } from './relying-party.ts';

/** The relying party of each tenant, by the tenant's name. */
export type RelyingParties = ReadonlyMap<string, RelyingParty>;

/** Finds a configured policy. The tenant or policy of an older attempt or session may no longer exist. */
export function findPolicy(
  parties: RelyingParties,
  { tenant, policy }: PolicyRef,
): Policy | undefined {
  return parties.get(tenant)?.policies.find(({ key }) => key === policy);
}

/** Returns the relying party of the policy's tenant. @throws SignInError `policy_not_configured` */
export function requireRelyingParty(parties: RelyingParties, ref: PolicyRef): RelyingParty {
  const party = parties.get(ref.tenant);
  if (!party) {
    throw new SignInError('policy_not_configured', `no tenant of "${formatPolicyRef(ref)}"`);
  }
  return party;
}

/** Returns the client fingerprint of a configured policy: to which tenant and client it belongs. */
export function findFingerprint(parties: RelyingParties, ref: PolicyRef): string | undefined {
  return findPolicy(parties, ref) && parties.get(ref.tenant)?.fingerprint;
}

/** Loads the metadata and keys of all tenants. Never throws. */
export async function preloadAll(parties: RelyingParties): Promise<void> {
  await Promise.all([...parties.values()].map((party) => party.preload()));
}
