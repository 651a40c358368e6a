import type { PolicyConfig } from '../config/tenant-config.ts';

/** A user flow or custom policy of the tenant. */
export type Policy = PolicyConfig;

/** The policy under a key of the configuration. */
export function findPolicy(policies: readonly Policy[], key: string): Policy | undefined {
  return policies.find((policy) => policy.key === key);
}

/**
 * The name of the tenant whose policy a key means: `external` of `external/signIn`, and the empty one,
 * of the tenant that the configuration begins with, of `signIn`.
 */
export const tenantOf = (key: string): string => key.slice(0, Math.max(0, key.indexOf('/')));

/** What a tenant itself calls the policy. */
export const keyInTenant = (key: string): string => key.slice(key.indexOf('/') + 1);

/** A policy of a tenant as everybody else calls it. */
export const keyOf = (tenant: string, key: string): string => (tenant ? `${tenant}/${key}` : key);

/** Policy names are the same in any letter case (B2C publishes them in lower case). */
export function isSamePolicy(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const GUID = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const DEFAULT_ISSUER = new RegExp(`^/${GUID}/v2\\.0/$`);
const TFP_ISSUER = new RegExp(`^/tfp/${GUID}/([^/]+)/v2\\.0/$`);

/**
 * The tenant id in an issuer of one of B2C's two forms, `https://HOST/{tid}/v2.0/` and
 * `https://HOST/tfp/{tid}/{policy}/v2.0/`, on the host of `authority` and for `policy`; `undefined`
 * for every other issuer.
 */
export function parseTenantId(
  issuer: string,
  { authority, policy }: { authority: URL; policy: Policy },
): string | undefined {
  if (!issuer.startsWith(`${authority.origin}/`)) return undefined;
  const path = issuer.slice(authority.origin.length);
  const plain = DEFAULT_ISSUER.exec(path);
  if (plain) return plain[1];
  const [, tenantId, policyName] = TFP_ISSUER.exec(path) ?? [];
  return policyName && isSamePolicy(policyName, policy.name) ? tenantId : undefined;
}
