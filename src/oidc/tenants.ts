import { SignInError } from '../errors.ts';
import { keyInTenant, keyOf, tenantOf } from './policy.ts';
import type { RelyingParty } from './relying-party.ts';

/**
 * The relying parties of several tenants as one: the key of a policy says whose it is. So attempts and
 * sessions, which hold such keys, are bound to their tenant, and so is all that follows from them; by
 * `findFingerprint` to that tenant itself, whoever bears its name later.
 */
export function joinRelyingParties(parties: ReadonlyMap<string, RelyingParty>): RelyingParty {
  const all = [...parties];
  const partyOf = (key: string) => {
    const party = parties.get(tenantOf(key));
    if (!party) throw new SignInError('policy_not_configured', `no tenant of "${key}"`);
    return party;
  };
  const bindings = new Map(
    all.flatMap(([tenant, { policies, findFingerprint }]) =>
      policies.map(({ key }) => [keyOf(tenant, key), findFingerprint(key)] as const),
    ),
  );
  return {
    policies: all.flatMap(([tenant, { policies }]) =>
      policies.map((policy) => ({ ...policy, key: keyOf(tenant, policy.key) })),
    ),
    findFingerprint: (key) => bindings.get(key),
    origins: new Set(all.flatMap(([, { origins }]) => [...origins])),
    originsOf: (key) => parties.get(tenantOf(key))?.origins ?? new Set(),
    async begin(key, hints) {
      const { url, attempt } = await partyOf(key).begin(keyInTenant(key), hints);
      return { url, attempt: { ...attempt, policy: key } };
    },
    async complete(parameters, attempt) {
      const { policy: key } = attempt;
      const inTenant = { ...attempt, policy: keyInTenant(key) };
      const outcome = await partyOf(key).complete(parameters, inTenant);
      return outcome.kind === 'start-policy'
        ? { ...outcome, policy: keyOf(tenantOf(key), outcome.policy) }
        : outcome;
    },
    async refresh(key, request) {
      return partyOf(key).refresh(keyInTenant(key), request);
    },
    async tenantsOfIssuer(issuer) {
      const found = await Promise.all(
        all.map(async ([name, party]) => (await party.tenantsOfIssuer(issuer)).map(() => name)),
      );
      return found.flat();
    },
    async endSessionAddress(key, idToken) {
      // Of a tenant that is gone too: whoever signs out is signed out.
      return parties.get(tenantOf(key))?.endSessionAddress(keyInTenant(key), idToken);
    },
    missing: () =>
      all.flatMap(([tenant, party]) => party.missing().map((key) => keyOf(tenant, key))),
    async preload() {
      await Promise.all(all.map(([, party]) => party.preload()));
    },
    async close() {
      await Promise.all(all.map(([, party]) => party.close()));
    },
  };
}
