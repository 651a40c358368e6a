/**
 * How Azure AD B2C and Entra External ID differ in URLs, issuers and token settings. User claims and
 * error codes differ too: `tokens/user-claims.ts`, `tokens/error-parameters.ts`.
 */
import type { Policy } from './policy.ts';

export type TenantKindName = 'b2c' | 'external-id';

export interface Tenant {
  /** `fabrikamb2c.onmicrosoft.com` */
  domain: string;
  /** Tenant ID: the GUID in the issuer. */
  id: string;
  kind: TenantKindName;
}

type IssuerPolicy = Pick<Policy, 'name' | 'issuer'>;

export interface TenantKind {
  /** Whether URLs contain the policy. Otherwise the tenant has one policy, which no URL names. */
  hasPolicies: boolean;
  /** Path prefix of a policy's endpoints. */
  endpointPath(tenant: Tenant, policy: Policy): string;
  /** `ver` claim. */
  version: string;
  buildIssuer(origin: string, tenant: Tenant, policy: IssuerPolicy): string;
  /** Claim that names the policy. */
  policyClaim(policy: Policy): Record<string, unknown>;
  includesAuthTime: boolean;
  scopesSupported: string[];
  /** `claims_supported` in addition to the configured claims and those of every token. */
  claimsSupported(policy: Policy): string[];
  /** Audience of the access token if the scope names no API. `undefined`: no access token. */
  defaultAudience: string | undefined;
}

const AZURE_AD_B2C: TenantKind = {
  hasPolicies: true,
  endpointPath: ({ domain }, { name }) => `/${domain}/${name}`,
  version: '1.0',
  // The trailing slash is part of the issuer. Libraries compare it byte by byte.
  buildIssuer: (origin, { id }, { issuer, name }) =>
    issuer === 'tfp' ? `${origin}/tfp/${id}/${name.toLowerCase()}/v2.0/` : `${origin}/${id}/v2.0/`,
  // `tfp` has the registered spelling; the older `acr` of custom policies is in lower case.
  policyClaim: ({ name, policyClaim }) => {
    if (policyClaim === 'none') return {};
    return policyClaim === 'acr' ? { acr: name.toLowerCase() } : { tfp: name };
  },
  includesAuthTime: true,
  scopesSupported: ['openid'],
  claimsSupported: ({ custom }) =>
    custom ? ['email', 'sub', 'tid'] : ['emails', 'newUser', 'oid', 'sub', 'tfp'],
  defaultAudience: undefined,
};

const EXTERNAL_ID: TenantKind = {
  hasPolicies: false,
  endpointPath: ({ id }) => `/${id}`,
  version: '2.0',
  // The issuer has another host than the metadata, and no trailing slash.
  buildIssuer: (origin, { id }) => `${loopbackAlias(origin)}/${id}/v2.0`,
  policyClaim: () => ({}),
  includesAuthTime: false,
  scopesSupported: ['openid', 'profile', 'email', 'offline_access'],
  claimsSupported: () => ['email', 'preferred_username', 'oid', 'sub', 'tid'],
  // Microsoft Graph
  defaultAudience: '00000003-0000-0000-c000-000000000000',
};

const KINDS: Record<TenantKindName, TenantKind> = {
  b2c: AZURE_AD_B2C,
  'external-id': EXTERNAL_ID,
};

export const tenantKind = ({ kind }: Pick<Tenant, 'kind'>): TenantKind => KINDS[kind];

/** The authority that applications are configured with. */
export const buildAuthority = (url: string, tenant: Tenant): string =>
  tenantKind(tenant).hasPolicies ? `${url}/${tenant.domain}` : url;

/** Issuer of a policy's tokens for clients that reach the tenant at `origin`. */
export const buildIssuer = (origin: string, tenant: Tenant, policy: IssuerPolicy): string =>
  tenantKind(tenant).buildIssuer(origin, tenant, policy);

/** Swaps `127.0.0.1` and `localhost`: the same server, another origin. Other hosts stay. */
function loopbackAlias(origin: string): string {
  if (origin.includes('//127.0.0.1')) return origin.replace('//127.0.0.1', '//localhost');
  return origin.replace('//localhost', '//127.0.0.1');
}
