import type { Policy } from '../tenant/policy.ts';
import type { Tenant } from '../tenant/tenant.ts';

/** Ends in a slash, which is part of it; libraries compare it byte by byte. */
export function buildIssuer(
  origin: string,
  tenant: Tenant,
  policy: Pick<Policy, 'name' | 'issuer'>,
): string {
  return policy.issuer === 'tfp'
    ? `${origin}/tfp/${tenant.id}/${policy.name.toLowerCase()}/v2.0/`
    : `${origin}/${tenant.id}/v2.0/`;
}
