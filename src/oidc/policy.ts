import type { PolicyConfig } from '../config/tenant-config.ts';

/** A user flow or custom policy of the tenant. */
export type Policy = PolicyConfig;

/**
 * Refers to one policy of one tenant. Attempts, sessions and failed attempts have these two members, so
 * each of them can be passed where a reference is expected.
 */
export interface PolicyRef {
  /** The name of the tenant; empty for the main tenant. */
  tenant: string;
  /** The key of the policy in the configuration of that tenant. */
  policy: string;
}

/** Signing in at the main tenant, which every configuration has. */
export const MAIN_SIGN_IN: PolicyRef = { tenant: '', policy: 'signIn' };

/** The text of a reference in logs, metrics and reports: `signIn`, or `external/signIn`. */
export const formatPolicyRef = ({ tenant, policy }: PolicyRef): string =>
  tenant ? `${tenant}/${policy}` : policy;

/** Compares names of policies. Their case does not matter: B2C publishes them in lower case. */
export function isSamePolicy(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const GUID = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const DEFAULT_ISSUER = new RegExp(`^/${GUID}/v2\\.0/$`);
const TFP_ISSUER = new RegExp(`^/tfp/${GUID}/([^/]+)/v2\\.0/$`);

/**
 * Returns the tenant ID of an issuer in one of B2C's two forms, `https://HOST/{tid}/v2.0/` and
 * `https://HOST/tfp/{tid}/{policy}/v2.0/`. HOST must be that of `authority`, and the policy must be
 * `policy`. Returns `undefined` for every other issuer.
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
