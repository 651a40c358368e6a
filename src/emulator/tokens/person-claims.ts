import type { Account } from '../tenant/accounts.ts';
import type { Policy } from '../tenant/policy.ts';
import type { Tenant } from '../tenant/tenant.ts';

/**
 * What a token says about the person. User flows write `emails` (an array) and `oid`; custom
 * policies of the starter pack write `email` and `tid`.
 */
export function personClaims(
  account: Account,
  policy: Policy,
  tenant: Tenant,
): Record<string, unknown> {
  return {
    sub: account.oid,
    ...(policy.custom ? {} : { oid: account.oid }),
    // A sign-up without display name is stored under this name.
    name: account.displayName ?? 'unknown',
    ...(account.givenName ? { given_name: account.givenName } : {}),
    ...(account.surname ? { family_name: account.surname } : {}),
    ...(policy.custom ? { email: account.email, tid: tenant.id } : { emails: [account.email] }),
    ...(account.identityProvider ? { idp: account.identityProvider } : {}),
    ...account.claims,
  };
}
