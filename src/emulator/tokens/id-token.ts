import { createHash } from 'node:crypto';
import { applyFaults } from '../admin/faults.ts';
import { keyRingOf, type LocalTenant } from '../tenant/local-tenant.ts';
import type { Policy } from '../tenant/policy.ts';
import { issuerOf, shapeOf } from '../tenant/shapes.ts';
import type { Grant } from './grants.ts';
import { type Claims, draftJwt, encodeJwt } from './jwt.ts';
import type { Resource } from './scopes.ts';

/** Binds a code or an access token that travels beside the ID token (`c_hash`, `at_hash`). */
export type BoundHashes = { c_hash?: string; at_hash?: string };

export function createIdToken(
  tenant: LocalTenant,
  grant: Grant,
  { origin, hashes = {} }: { origin: string; hashes?: BoundHashes },
): string {
  const { policy, clientId } = grant;
  const shape = shapeOf(tenant.definition.tenant);
  const claims = applyFaults(
    tenant,
    'claims',
    {
      ...commonClaims(tenant, policy, origin),
      aud: clientId,
      ...nonceClaim(grant),
      ...(shape.tellsAuthTime ? { auth_time: grant.authTimeSeconds } : {}),
      ...grant.personClaims,
      ...shape.policyClaim(policy),
      ...(grant.sid ? { sid: grant.sid } : {}),
      ...hashes,
    },
    { policy },
  );
  const draft = draftJwt(claims, keyRingOf(tenant, policy)[0]);
  return encodeJwt(applyFaults(tenant, 'signature', draft, { policy, clientId }));
}

export function createAccessToken(
  tenant: LocalTenant,
  grant: Grant,
  { origin, resource }: { origin: string; resource: Resource },
): string {
  const { policy, clientId } = grant;
  const claims: Claims = {
    ...commonClaims(tenant, policy, origin),
    aud: resource.audience,
    ...grant.personClaims,
    ...shapeOf(tenant.definition.tenant).policyClaim(policy),
    ...nonceClaim(grant),
    ...(resource.shortNames.length > 0 ? { scp: resource.shortNames.join(' ') } : {}),
    azp: clientId,
  };
  return encodeJwt(draftJwt(claims, keyRingOf(tenant, policy)[0]));
}

/** An access token that is about an application and nobody else. */
export function signClientToken(
  tenant: LocalTenant,
  policy: Policy,
  { origin, claims }: { origin: string; claims: Claims },
): string {
  const all = { ...commonClaims(tenant, policy, origin), ...claims };
  return encodeJwt(draftJwt(all, keyRingOf(tenant, policy)[0]));
}

function commonClaims(tenant: LocalTenant, policy: Policy, origin: string): Claims {
  // `nbf` is not back-dated: a client whose clock is a second behind refuses the token, as with B2C.
  const nowSeconds = Math.floor(tenant.now() / 1000);
  return {
    exp: nowSeconds + policy.tokenLifetimeMinutes * 60,
    nbf: nowSeconds,
    ver: shapeOf(tenant.definition.tenant).version,
    iss: issuerOf(origin, tenant.definition.tenant, policy),
    iat: nowSeconds,
  };
}

// Only when it was sent: MSAL refuses a nonce it did not ask for.
const nonceClaim = ({ nonce }: Grant): Claims => (nonce === undefined ? {} : { nonce });

/** The left half of the SHA-256, for `c_hash` and `at_hash` (OpenID Connect Core, 3.3.2.11). */
export function halfHash(value: string): string {
  return createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
}
