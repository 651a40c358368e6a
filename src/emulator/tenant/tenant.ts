/** The definition of the local tenant: what it has at its start, and after a reset. */
import { type Application, type ApplicationOptions, defineApplication } from './application.ts';
import {
  DEFAULT_ACCOUNTS,
  DEFAULT_APPLICATIONS,
  DEFAULT_BEHAVIOUR,
  DEFAULT_IDENTITY_PROVIDERS,
  DEFAULT_PASSWORD,
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
import type { ShapeName } from './shapes.ts';

export interface Tenant {
  /** `fabrikamb2c.onmicrosoft.com` */
  domain: string;
  /** The GUID that stands in the issuer. */
  id: string;
  shape: ShapeName;
}

/** Where B2C's ways are a nuisance, undocumented or limited in time, and a switch helps. */
export interface Behaviour {
  /** AADB2C90006 goes to a registered redirect URI, as at B2C, or ends on a page. */
  redirectUriMismatch: 'redirect' | 'page';
  /** For libraries that cannot live without `access_token`: one for the client itself. */
  accessTokenWithoutResource: boolean;
  /** `iss` and `sid` for front-channel logout, and `sid` in ID tokens; B2C documents neither. */
  logoutIssuerAndSession: boolean;
  /** So many wrong passwords lock an account for that long. */
  lockout: { failures: number; seconds: number };
  /** More requests than that in so many seconds are answered with 429 and AADB2C90244. */
  throttle?: { requests: number; seconds: number };
}

export interface AccountOptions {
  email: string;
  /** For policies that sign in by user name. */
  userName?: string;
  oid?: string;
  password?: string;
  displayName?: string;
  givenName?: string;
  surname?: string;
  /** The number of the second factor. */
  phoneNumber?: string;
  /** Signs in there and has no password here: `google.com`. */
  identityProvider?: string;
  federatedName?: string;
  /** Switched off by an administrator. */
  disabled?: boolean;
  /** Further claims, as they stand in a token: `city`, `extension_Tier`, … */
  claims?: Record<string, unknown>;
}

export interface TenantOptions {
  tenant?: Partial<Tenant>;
  policies?: PolicyOptions[];
  applications?: ApplicationOptions[];
  accounts?: AccountOptions[];
  identityProviders?: IdentityProviderOptions[];
  behaviour?: Partial<Behaviour>;
}

export interface TenantDefinition {
  tenant: Tenant;
  policies: Policy[];
  applications: Application[];
  accounts: AccountOptions[];
  identityProviders: IdentityProvider[];
  behaviour: Behaviour;
}

/** @throws Error when a policy's name is none that B2C could have, or there are too many */
export function defineTenant(options: TenantOptions): TenantDefinition {
  const tenant = { ...DEFAULT_TENANT, ...options.tenant };
  return {
    tenant,
    policies: policiesOf(tenant, options.policies).map(definePolicy),
    applications: (options.applications ?? DEFAULT_APPLICATIONS).map(defineApplication),
    accounts: (options.accounts ?? DEFAULT_ACCOUNTS).map((account) => ({
      password: account.identityProvider ? '' : DEFAULT_PASSWORD,
      ...account,
    })),
    identityProviders: (options.identityProviders ?? DEFAULT_IDENTITY_PROVIDERS).map(
      defineIdentityProvider,
    ),
    behaviour: { ...DEFAULT_BEHAVIOUR[tenant.shape], ...options.behaviour },
  };
}

function policiesOf({ shape }: Tenant, given: PolicyOptions[] | undefined): PolicyOptions[] {
  if (shape === 'b2c') return given ?? DEFAULT_POLICIES;
  const [userFlow, ...more] = given ?? [DEFAULT_USER_FLOW];
  if (more.length > 0) throw new Error('a tenant of External ID has one policy, its user flow');
  return [{ ...DEFAULT_USER_FLOW, ...userFlow }];
}
