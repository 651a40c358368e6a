import type { LocalPath } from '../http/local-path.ts';
import type { ClaimType } from './claim-types.ts';
import { type ClientConfig, toClientConfig } from './client.ts';
import { policyPath, tenantPrefix } from './paths.ts';
import type { ResponseMode } from './response-mode.ts';
import type { TenantIdentity } from './tenant.ts';
import type { TenantKindName } from './tenant-kinds.ts';
import type { TenantSettings } from './tenant-settings.ts';

/** The action for an error code of the provider, instead of the built-in one. */
export type ErrorActionConfig = { startPolicy: string } | { goBack: true };

/** A policy of a tenant. */
export interface PolicyConfig {
  /** The name under `policies`: `signIn`, `editProfile`, `resetPassword`, or one that the operator chose. */
  key: string;
  /** The name in the tenant: `B2C_1_susi`. */
  name: string;
  /** Whether the policy starts a session. */
  signsIn: boolean;
  label?: string | undefined;
  /** Constant parameters of its authorization requests. */
  parameters?: Readonly<Record<string, string>> | undefined;
  /** The query parameters of its route that its authorization requests repeat. */
  passThrough?: readonly string[] | undefined;
  /** The route that starts it. */
  path: LocalPath;
}

/** A tenant, and how this relying party is registered there. */
export interface TenantConfig {
  /** The key under `tenants`; empty for the tenant at the top level of the file. */
  name: string;
  /** Text of the sign-in link on pages for visitors. */
  label?: string | undefined;
  tenant: TenantIdentity;
  client: ClientConfig;
  policies: readonly PolicyConfig[];
  errors: Record<string, ErrorActionConfig>;
  claimTypes: Record<string, ClaimType>;
  scopes: readonly string[];
  /** How authorization responses come, from all tenants. */
  responseMode: ResponseMode;
  /** The path of the redirect URI. */
  callbackPath: LocalPath;
}

/** The scopes without the setting `scopes`: for refresh tokens, and for the names of users. */
const DEFAULT_SCOPES: Record<TenantKindName, string[]> = {
  b2c: ['offline_access'],
  'external-id': ['offline_access', 'profile', 'email'],
  generic: ['profile', 'email'],
};

// The only policy of a tenant without policies. Its name appears in the log only.
const SINGLE_POLICY: NonNullable<TenantSettings['policies']> = { signIn: { name: 'sign-in' } };

interface TenantPlace {
  name: string;
  label?: string | undefined;
  /** `routes.prefix` */
  prefix: string;
  responseMode: ResponseMode;
  /** `routes.callback` */
  callback?: string | undefined;
}

/** Adds the defaults to valid settings. */
export function toTenantConfig(
  { tenant, client, policies, errors, claimTypes, scopes }: TenantSettings,
  { name, label, prefix, responseMode, callback }: TenantPlace,
): TenantConfig {
  const { kind } = tenant;
  const above = tenantPrefix(prefix, name);
  return {
    name,
    label,
    tenant,
    client: toClientConfig(client, kind),
    policies: Object.entries(policies ?? SINGLE_POLICY).flatMap(([key, policy]) => {
      if (!policy) return [];
      const signsIn = policy.signsIn ?? key === 'signIn';
      return [{ ...policy, key, signsIn, path: policyPath(above, key) }];
    }),
    errors,
    claimTypes,
    scopes: scopes ?? DEFAULT_SCOPES[kind],
    responseMode,
    callbackPath: (callback ?? `${above}/redirect`) as LocalPath,
  };
}
