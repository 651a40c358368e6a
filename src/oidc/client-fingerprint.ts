import { createHash } from 'node:crypto';
import type { TenantConfig } from '../config/tenant-config.ts';

/** What is kept here of somebody's way through a policy, and the binding of that policy at the time. */
export interface ClientBound {
  /** The key of the policy. */
  policy: string;
  binding: string | undefined;
}

/**
 * The binding of a policy's key: which tenant and which client it stands for, as one short text. `undefined`
 * where there is no such policy.
 */
export type FindFingerprint = (policyKey: string) => string | undefined;

/**
 * Of what makes users, codes and tokens those of one tenant and client, and of nothing that can change
 * without another taking its place: a secret, the names of policies, scopes.
 */
export function clientFingerprint({
  tenant,
  client,
}: Pick<TenantConfig, 'tenant' | 'client'>): string {
  const address = tenant.kind === 'b2c' ? tenant.authority.href : tenant.issuer;
  const parts = [tenant.kind, address, tenant.tenantId ?? null, client.id];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Whether its key stands still for the tenant and the client that it was made with. */
export function isBound(
  { policy, binding }: ClientBound,
  findFingerprint: FindFingerprint,
): boolean {
  const current = findFingerprint(policy);
  return current !== undefined && current === binding;
}
