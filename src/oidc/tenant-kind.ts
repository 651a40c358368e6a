import type { JWTPayload } from 'jose';
import type { B2cTenant, SingleIssuerTenant } from '../config/tenant.ts';
import type { TenantConfig } from '../config/tenant-config.ts';
import type { TenantKindName } from '../config/tenant-kinds.ts';
import { SignInError } from '../errors.ts';
import type { ErrorAction } from './code-category.ts';
import { isSamePolicy, type Policy, parseTenantId } from './policy.ts';
import { AZURE_AD_B2C_ACTIONS } from './provider-codes.ts';

/** How the kinds of tenants differ. All other code uses this table and does not depend on the kind. */
export interface Tenant {
  /** The discovery URL of a policy. */
  discoveryUrl(policy: Policy): URL;
  /** The origins that endpoints may have. b2c-signin connects to no others. */
  origins: ReadonlySet<string>;
  /** Whether the metadata of the policy may name this issuer. */
  hasIssuer(issuer: string, policy: Policy): boolean;
  /** Checks the claims that identify the tenant or policy, apart from `iss`. @throws SignInError */
  checkClaims(claims: JWTPayload, policy: Policy): void;
  /** The scopes that a sign-in requests in addition to the configured ones. */
  extraScopes(configured: readonly string[]): readonly string[];
  /** `profile` and `email` are delivered by the UserInfo endpoint (OpenID Connect Core 5.4). */
  usesUserInfo: boolean;
  /** `offline_access` is granted only with `prompt=consent` (OpenID Connect Core 11). */
  offlineAccessNeedsConsent: boolean;
  /** `auth_time` is included only if `max_age` was sent (OpenID Connect Core 2). */
  authTimeNeedsMaxAge: boolean;
  /** The audience of a client assertion (`private_key_jwt`), and the preferred algorithm of RSA keys. */
  clientAssertion: { audience: 'issuer' | 'token_endpoint'; rsaAlgorithm: 'RS256' | 'PS256' };
  /** Whether the provider may send logout tokens (OpenID Connect Back-Channel Logout 1.0). */
  sendsLogoutTokens: boolean;
  /** The action after an error of the provider, by its code. */
  errorActions: Readonly<Record<string, ErrorAction>>;
}

type TenantSettings = Pick<TenantConfig, 'tenant' | 'client'>;

const B2C_AND_ENTRA = {
  usesUserInfo: false,
  offlineAccessNeedsConsent: false,
  authTimeNeedsMaxAge: false,
  // As Microsoft documents it. B2C accepts no assertions.
  clientAssertion: { audience: 'token_endpoint', rsaAlgorithm: 'PS256' },
  sendsLogoutTokens: false,
} as const;

const KINDS: Record<TenantKindName, (settings: never) => Tenant> = {
  b2c: ({ tenant, client }: TenantSettings & { tenant: B2cTenant }) => {
    const { authority } = tenant;
    // All policies belong to one tenant: the configured one, else the one of the first response.
    let { tenantId } = tenant;
    return {
      discoveryUrl: ({ name }) =>
        new URL(`${authority.href}/${name}/v2.0/.well-known/openid-configuration`),
      origins: new Set([authority.origin]),
      hasIssuer(issuer, policy) {
        const issuerTenantId = parseTenantId(issuer, { authority, policy });
        if (!issuerTenantId || (tenantId && issuerTenantId !== tenantId)) return false;
        tenantId = issuerTenantId;
        return true;
      },
      checkClaims: requirePolicy,
      // B2C issues an access token, which the library requires, only if a resource is requested. Every
      // application has one resource: its own client ID. Beside the scope of an API, the client ID would
      // be a second resource, which B2C rejects (AADB2C90146).
      extraScopes: (scopes) => (scopes.every(isIdentityScope) ? [client.id] : []),
      ...B2C_AND_ENTRA,
      errorActions: AZURE_AD_B2C_ACTIONS,
    };
  },
  'external-id': ({ tenant }: TenantSettings & { tenant: SingleIssuerTenant }) => ({
    ...singleIssuerTenant(tenant),
    ...B2C_AND_ENTRA,
    checkClaims({ tid }) {
      if (tid !== undefined && tid !== tenant.tenantId) {
        throw new SignInError('id_token_refused', 'the ID token is refused: tid');
      }
    },
  }),
  generic: ({ tenant }: TenantSettings & { tenant: SingleIssuerTenant }) => ({
    ...singleIssuerTenant(tenant),
    usesUserInfo: true,
    offlineAccessNeedsConsent: true,
    authTimeNeedsMaxAge: true,
    // Not the token endpoint: an issuer cannot be that of another provider, which could use the assertion.
    clientAssertion: { audience: 'issuer', rsaAlgorithm: 'RS256' },
    sendsLogoutTokens: true,
  }),
};

/** Returns the row of the configured tenant. */
export const createTenant = (settings: TenantSettings): Tenant =>
  KINDS[settings.tenant.kind](settings as never);

/** A provider with one discovery document and one issuer. */
const singleIssuerTenant = ({ discovery, issuer, endpointOrigins }: SingleIssuerTenant) => ({
  discoveryUrl: () => discovery,
  origins: new Set([discovery.origin, new URL(issuer).origin, ...endpointOrigins]),
  hasIssuer: (candidate: string) => candidate === issuer,
  checkClaims: () => {},
  extraScopes: () => [],
  errorActions: {},
});

/** Whether a scope is about the user's identity, and not about a resource. */
export const isIdentityScope = (scope: string): boolean =>
  /^(?:openid|profile|email|offline_access)$/.test(scope);

// B2C's policies share issuer and audience. Only `tfp` (or the older `acr`) identifies the policy.
function requirePolicy(claims: JWTPayload, policy: Policy): void {
  const name = claims['tfp'] ?? claims['acr'];
  if (typeof name !== 'string' || !isSamePolicy(name, policy.name)) {
    throw new SignInError('policy_mismatch', `the ID token was not issued by ${policy.name}`);
  }
}
