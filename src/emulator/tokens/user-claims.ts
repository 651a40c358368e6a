import { createHash } from 'node:crypto';
import type { Policy } from '../definition/policy.ts';
import type { Tenant, TenantKindName } from '../definition/tenant-kinds.ts';
import type { Account } from '../state/accounts.ts';
import type { Claims } from './jwt.ts';

/** The token claims about a user, in the format of the tenant's kind. */
export const userClaims = (account: Account, policy: Policy, tenant: Tenant): Claims =>
  USER_CLAIMS[tenant.kind](account, policy, tenant);

const USER_CLAIMS: Record<TenantKindName, typeof userClaims> = {
  b2c: b2cUserClaims,
  'external-id': externalIdUserClaims,
};

/**
 * User flows write `emails` (an array) and `oid`. Custom policies of the starter pack write `email`
 * and `tid`.
 */
export function b2cUserClaims(account: Account, policy: Policy, tenant: Tenant): Claims {
  return {
    sub: account.oid,
    ...(policy.custom ? {} : { oid: account.oid }),
    // B2C's value for an account that was created without a display name.
    name: account.displayName ?? 'unknown',
    ...(account.givenName ? { given_name: account.givenName } : {}),
    ...(account.surname ? { family_name: account.surname } : {}),
    ...(policy.custom ? { email: account.email, tid: tenant.id } : {}),
    ...(policy.custom || account.email === '' ? {} : { emails: [account.email] }),
    ...(account.identityProvider ? { idp: account.identityProvider } : {}),
    ...account.claims,
  };
}

function externalIdUserClaims(account: Account, policy: Policy, tenant: Tenant): Claims {
  const { emails: _, ...claims } = b2cUserClaims(account, policy, tenant);
  return {
    ...claims,
    // In Microsoft Entra, the subject differs from the object ID.
    sub: createHash('sha256').update(`${tenant.id} ${account.oid}`).digest('base64url'),
    email: account.email,
    preferred_username: account.email,
    tid: tenant.id,
  };
}
