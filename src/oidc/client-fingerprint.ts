import { createHash } from 'node:crypto';
import type { TenantConfig } from '../config/tenant-config.ts';
import type { PolicyRef } from './policy.ts';

/** Stored data that belongs to one policy, and the fingerprint of its tenant and client at that time. */
export interface ClientBound extends PolicyRef {
  fingerprint: string | undefined;
}

/** Returns the current fingerprint of a policy; `undefined` if the policy is not configured. */
export type FindFingerprint = (ref: PolicyRef) => string | undefined;

/**
 * Identifies the tenant and client that users, codes and tokens belong to. Leaves out what can change for
 * the same tenant and client: the client secret, the names of policies, the scopes.
 */
export function clientFingerprint({
  tenant,
  client,
}: Pick<TenantConfig, 'tenant' | 'client'>): string {
  const address = tenant.kind === 'b2c' ? tenant.authority.href : tenant.issuer;
  const parts = [tenant.kind, address, tenant.tenantId ?? null, client.id];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Whether the configured policy still belongs to the tenant and client that the data was made with. */
export function isBound(stored: ClientBound, findFingerprint: FindFingerprint): boolean {
  const current = findFingerprint(stored);
  return current !== undefined && current === stored.fingerprint;
}
