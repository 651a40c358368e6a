import type { JWTPayload } from 'jose';
import type { B2cTenant, SingleIssuerTenant } from '../config/tenant.ts';
import type { TenantConfig } from '../config/tenant-config.ts';
import type { TenantKindName } from '../config/tenant-kinds.ts';
import { SignInError } from '../errors.ts';
import { AZURE_AD_B2C_ACTIONS, type ErrorAction } from './error-response.ts';
import { isSamePolicy, type Policy, parseTenantId } from './policy.ts';

/** In what the kinds of tenants differ; nothing else in the program asks what kind it is. */
export interface Tenant {
  /** The well-known address. */
  discoveryOf(policy: Policy): URL;
  /** Where its endpoints may be, and the only places that are ever connected to. */
  origins: ReadonlySet<string>;
  /** Whether metadata of this issuer may be that of the policy. */
  hasIssuer(issuer: string, policy: Policy): boolean;
  /** What a token must say of where it comes from besides its issuer. @throws SignInError */
  checkClaims(claims: JWTPayload, policy: Policy): void;
  /** What a sign-in asks for besides these scopes, those of the configuration. */
  extraScopes(scopes: readonly string[]): readonly string[];
  /**
   * As OpenID Connect Core has it, what `profile` and `email` are about is at the UserInfo endpoint (5.4),
   * `offline_access` is granted only to somebody who is asked (11), and `auth_time` is told only when
   * `max_age` was sent (2).
   */
  byTheBook: boolean;
  /** What follows an error of the provider, by its code. */
  reactions: Readonly<Record<string, ErrorAction>>;
}

type Given = Pick<TenantConfig, 'tenant' | 'client'>;

const KINDS: Record<TenantKindName, (given: never) => Tenant> = {
  b2c: ({ tenant, client }: Given & { tenant: B2cTenant }) => {
    const { authority } = tenant;
    // All policies belong to one tenant: the configured one, else the one that answers first.
    let { tenantId } = tenant;
    return {
      discoveryOf: ({ name }) =>
        new URL(`${authority.href}/${name}/v2.0/.well-known/openid-configuration`),
      origins: new Set([authority.origin]),
      hasIssuer(issuer, policy) {
        const said = parseTenantId(issuer, { authority, policy });
        if (!said || (tenantId && said !== tenantId)) return false;
        tenantId = said;
        return true;
      },
      checkClaims: requirePolicy,
      // B2C gives an access token, which the library insists on, only when a resource is named. The
      // application's own id is the one resource that every application has; beside the scope of an API
      // it would be a second one, which B2C refuses (AADB2C90146).
      extraScopes: (scopes) => (scopes.every(isReserved) ? [client.id] : []),
      byTheBook: false,
      reactions: AZURE_AD_B2C_ACTIONS,
    };
  },
  'external-id': ({ tenant }: Given & { tenant: SingleIssuerTenant }) => ({
    ...singleIssuerTenant(tenant),
    checkClaims({ tid }) {
      if (tid !== undefined && tid !== tenant.tenantId) {
        throw new SignInError('id_token_refused', 'the ID token is refused: tid');
      }
    },
  }),
  generic: ({ tenant }: Given & { tenant: SingleIssuerTenant }) => ({
    ...singleIssuerTenant(tenant),
    byTheBook: true,
  }),
};

/** The tenant that is configured. */
export const createTenant = (given: Given): Tenant => KINDS[given.tenant.kind](given as never);

/** A provider as the standard has it: one metadata document, one issuer, one way to sign in. */
const singleIssuerTenant = ({
  discovery,
  issuer,
  endpointOrigins,
}: SingleIssuerTenant): Tenant => ({
  discoveryOf: () => discovery,
  origins: new Set([discovery.origin, new URL(issuer).origin, ...endpointOrigins]),
  hasIssuer: (said) => said === issuer,
  checkClaims: () => {},
  extraScopes: () => [],
  byTheBook: false,
  reactions: {},
});

// Scopes that name no resource.
const isReserved = (scope: string) => /^(?:openid|profile|email|offline_access)$/.test(scope);

// B2C's policies share issuer and audience, so only `tfp` (or the older `acr`) tells which one ran.
function requirePolicy(claims: JWTPayload, policy: Policy): void {
  const ran = claims['tfp'] ?? claims['acr'];
  if (typeof ran !== 'string' || !isSamePolicy(ran, policy.name)) {
    throw new SignInError('policy_mismatch', `the ID token is not one of ${policy.name}`);
  }
}
