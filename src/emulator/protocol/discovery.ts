import type { Policy } from '../tenant/policy.ts';
import { issuerOf, shapeOf } from '../tenant/shapes.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { KeyRing } from '../tokens/keys.ts';
import type { Address } from './addresses.ts';
import { type Answer, jsonAnswer } from './answer.ts';

/**
 * Members and their order as in copies of real documents. Missing on purpose, as at B2C:
 * `code_challenge_methods_supported` (PKCE works), `grant_types_supported`, and `userinfo_endpoint`
 * unless a custom policy defines it.
 */
export function buildDiscovery({
  origin,
  address,
  tenant,
  policy,
}: {
  origin: string;
  address: Address;
  tenant: Tenant;
  policy: Policy;
}): Answer {
  // MSAL derives one policy's endpoints from another's, so the policy is always in lower case.
  const policyName = policy.name.toLowerCase();
  const base = `${origin}/${address.tenantSpelling}`;
  const endpoint = (path: string) => {
    if (address.form === 'path') return `${base}/${policyName}/${path}`;
    return address.form === 'query' ? `${base}/${path}?p=${policyName}` : `${base}/${path}`;
  };
  return jsonAnswer(200, {
    issuer: issuerOf(origin, tenant, policy),
    authorization_endpoint: endpoint('oauth2/v2.0/authorize'),
    token_endpoint: endpoint('oauth2/v2.0/token'),
    ...(policy.kind === 'passwordGrant'
      ? {}
      : { end_session_endpoint: endpoint('oauth2/v2.0/logout') }),
    jwks_uri: endpoint('discovery/v2.0/keys'),
    ...(policy.userInfo ? { userinfo_endpoint: endpoint('openid/v2.0/userinfo') } : {}),
    response_modes_supported: ['query', 'fragment', 'form_post'],
    response_types_supported: RESPONSE_TYPES,
    scopes_supported: shapeOf(tenant).scopesSupported,
    // Not true of B2C, whose `sub` is the same for every client; but so it says.
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: claimsSupported(tenant, policy),
  });
}

const RESPONSE_TYPES = [
  ...['code', 'code id_token', 'code token', 'code id_token token'],
  ...['id_token', 'id_token token', 'token', 'token id_token'],
];

const FIXED_TAIL = ['iss', 'iat', 'exp', 'aud', 'acr', 'nonce', 'auth_time'];

function claimsSupported(tenant: Tenant, policy: Policy): string[] {
  const person = [...policy.attributes.map(({ claim }) => claim), ...Object.keys(policy.claims)];
  return [...person, ...shapeOf(tenant).claimsSupported(policy), ...FIXED_TAIL];
}

export function buildKeySet(ring: KeyRing): Answer {
  return jsonAnswer(200, { keys: ring.map((key) => key.jwk) });
}
