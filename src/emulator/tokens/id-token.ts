import { createHash } from 'node:crypto';
import type { Policy } from '../definition/policy.ts';
import { buildIssuer, type Tenant, tenantKind } from '../definition/tenant-kinds.ts';
import type { Grant, Resource } from '../state/grants.ts';
import { findKeyRing, type SigningKeys } from '../state/signing-keys.ts';
import { type Claims, draftJwt, encodeJwt, type JwtDraft } from './jwt.ts';

/** Everything that issuing a token needs: the tenant, its keys and clock, and the faults to inject. */
export interface TokenIssuer {
  tenant: Tenant;
  keys: SigningKeys;
  now: number;
  faults: IdTokenFaults;
}

/** Changes an ID token before it is signed. */
export interface IdTokenFaults {
  claims(claims: Claims, policy: Policy): Claims;
  signature(draft: JwtDraft, policy: Policy, clientId: string): JwtDraft;
}

/** `c_hash` and `at_hash`: bind the ID token to a code or an access token in the same response. */
export type BoundHashes = { c_hash?: string; at_hash?: string };

export function createIdToken(
  issuer: TokenIssuer,
  grant: Grant,
  { origin, hashes = {} }: { origin: string; hashes?: BoundHashes },
): string {
  const { policy, clientId } = grant;
  const kind = tenantKind(issuer.tenant);
  const claims = {
    ...commonClaims(issuer, policy, { origin, lifetimeSeconds: idTokenSeconds(policy) }),
    aud: clientId,
    ...nonceClaim(grant),
    ...(kind.includesAuthTime ? { auth_time: grant.authTimeSeconds } : {}),
    ...grant.userClaims,
    ...kind.policyClaim(policy),
    ...(grant.sid ? { sid: grant.sid } : {}),
    ...hashes,
  };
  const { keys, faults } = issuer;
  const draft = draftJwt(faults.claims(claims, policy), findKeyRing(keys, policy)[0]);
  return encodeJwt(faults.signature(draft, policy, clientId));
}

export function createAccessToken(
  issuer: TokenIssuer,
  grant: Grant,
  { origin, resource }: { origin: string; resource: Resource },
): string {
  const { policy, clientId } = grant;
  return signAccessToken(issuer, policy, {
    origin,
    claims: {
      aud: resource.audience,
      ...grant.userClaims,
      ...tenantKind(issuer.tenant).policyClaim(policy),
      ...nonceClaim(grant),
      ...(resource.shortNames.length > 0 ? { scp: resource.shortNames.join(' ') } : {}),
      azp: clientId,
    },
  });
}

/** Signs an access token with the given claims in addition to those of every token. */
export function signAccessToken(
  issuer: TokenIssuer,
  policy: Policy,
  { origin, claims }: { origin: string; claims: Claims },
): string {
  const lifetimeSeconds = accessTokenSeconds(policy);
  const all = { ...commonClaims(issuer, policy, { origin, lifetimeSeconds }), ...claims };
  return encodeJwt(draftJwt(all, findKeyRing(issuer.keys, policy)[0]));
}

type Lifetimes = Pick<Policy, 'tokenLifetimeMinutes' | 'idTokenLifetimeMinutes'>;

// Custom policies have seconds that are not whole minutes.
export const accessTokenSeconds = ({ tokenLifetimeMinutes }: Lifetimes): number =>
  Math.round(tokenLifetimeMinutes * 60);

export const idTokenSeconds = ({ tokenLifetimeMinutes, ...policy }: Lifetimes): number =>
  Math.round((policy.idTokenLifetimeMinutes ?? tokenLifetimeMinutes) * 60);

function commonClaims(
  { tenant, now }: TokenIssuer,
  policy: Policy,
  { origin, lifetimeSeconds }: { origin: string; lifetimeSeconds: number },
): Claims {
  // `nbf` is not back-dated: as with B2C, a client whose clock is a second behind rejects the token.
  const nowSeconds = Math.floor(now / 1000);
  return {
    exp: nowSeconds + lifetimeSeconds,
    nbf: nowSeconds,
    ver: tenantKind(tenant).version,
    iss: buildIssuer(origin, tenant, policy),
    iat: nowSeconds,
  };
}

// Only if the request had one: MSAL rejects a nonce that it did not send.
const nonceClaim = ({ nonce }: Grant): Claims => (nonce === undefined ? {} : { nonce });

/** The left half of the SHA-256 hash, for `c_hash` and `at_hash` (OpenID Connect Core, 3.3.2.11). */
export function halfHash(value: string): string {
  return createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
}
