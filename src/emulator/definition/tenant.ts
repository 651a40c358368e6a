/** The definition of a tenant: its state at start and after a reset. */
import { type AccountOptions, defineAccount } from './account.ts';
import { type Application, type ApplicationOptions, defineApplication } from './application.ts';
import { type Behavior, DEFAULT_BEHAVIOR } from './behavior.ts';
import {
  DEFAULT_ACCOUNTS,
  DEFAULT_APPLICATIONS,
  DEFAULT_IDENTITY_PROVIDERS,
  DEFAULT_POLICIES,
  DEFAULT_TENANT,
  DEFAULT_USER_FLOW,
} from './default-tenant.ts';
import {
  defineIdentityProvider,
  type IdentityProvider,
  type IdentityProviderOptions,
} from './identity-provider.ts';
import { definePolicy, type Policy, type PolicyOptions } from './policy.ts';
import { findRenamedSettings } from './renamed-settings.ts';
import type { Tenant } from './tenant-kinds.ts';

export interface TenantOptions {
  tenant?: Partial<Tenant>;
  policies?: PolicyOptions[];
  applications?: ApplicationOptions[];
  accounts?: AccountOptions[];
  identityProviders?: IdentityProviderOptions[];
  behavior?: Partial<Behavior>;
}

export interface TenantDefinition {
  tenant: Tenant;
  policies: Policy[];
  applications: Application[];
  accounts: AccountOptions[];
  identityProviders: IdentityProvider[];
  behavior: Behavior;
}

/** @throws Error for a renamed setting, an invalid policy name or too many policies */
export function defineTenant(options: TenantOptions): TenantDefinition {
  // Callers in JavaScript have no compiler that reports the old name.
  const [renamed] = findRenamedSettings(options);
  if (renamed) throw new Error(`${renamed.setting} ${renamed.problem}`);
  const tenant = { ...DEFAULT_TENANT, ...options.tenant };
  const {
    applications = DEFAULT_APPLICATIONS,
    accounts = DEFAULT_ACCOUNTS,
    identityProviders = DEFAULT_IDENTITY_PROVIDERS,
  } = options;
  return {
    tenant,
    policies: selectPolicies(tenant, options.policies).map(definePolicy),
    applications: applications.map(defineApplication),
    accounts: accounts.map(defineAccount),
    identityProviders: identityProviders.map(defineIdentityProvider),
    behavior: { ...DEFAULT_BEHAVIOR[tenant.kind], ...options.behavior },
  };
}

function selectPolicies({ kind }: Tenant, policies: PolicyOptions[] | undefined): PolicyOptions[] {
  if (kind === 'b2c') return policies ?? DEFAULT_POLICIES;
  const [userFlow, ...others] = policies ?? [DEFAULT_USER_FLOW];
  if (others.length > 0) throw new Error('an External ID tenant has one policy, its user flow');
  return [{ ...DEFAULT_USER_FLOW, ...userFlow }];
}
