import type { Policy } from '../definition/policy.ts';
import { buildIssuer, type Tenant, tenantKind } from '../definition/tenant-kinds.ts';
import type { Policy as PolicyModel } from '../policy/policy.ts';
import { tokenName } from '../policy/send-claims.ts';
import type { KeyRing } from '../state/signing-keys.ts';
import { type JsonResponse, jsonResponse } from './response.ts';
import type { Route } from './routes.ts';

/**
 * Members and their order are those of real documents. As in B2C, `code_challenge_methods_supported` is
 * missing (although PKCE works), and so are `grant_types_supported` and, unless a custom policy defines
 * it, `userinfo_endpoint`.
 */
export function buildDiscovery({
  origin,
  route,
  tenant,
  policy,
  model,
}: {
  origin: string;
  route: Route;
  tenant: Tenant;
  policy: Policy;
  model?: PolicyModel | undefined;
}): JsonResponse {
  // MSAL derives the endpoints of one policy from another's, so the policy is always in lower case.
  const policyName = policy.name.toLowerCase();
  const base = `${origin}/${route.tenantSpelling}`;
  const endpoint = (path: string) => {
    if (route.form === 'path') return `${base}/${policyName}/${path}`;
    return route.form === 'query' ? `${base}/${path}?p=${policyName}` : `${base}/${path}`;
  };
  return jsonResponse(200, {
    issuer: buildIssuer(origin, tenant, policy),
    authorization_endpoint: endpoint('oauth2/v2.0/authorize'),
    token_endpoint: endpoint('oauth2/v2.0/token'),
    ...(policy.kind === 'passwordGrant'
      ? {}
      : { end_session_endpoint: endpoint('oauth2/v2.0/logout') }),
    jwks_uri: endpoint('discovery/v2.0/keys'),
    ...(policy.userInfo ? { userinfo_endpoint: endpoint('openid/v2.0/userinfo') } : {}),
    response_modes_supported: ['query', 'fragment', 'form_post'],
    response_types_supported: RESPONSE_TYPES,
    scopes_supported: tenantKind(tenant).scopesSupported,
    // As in B2C, although its `sub` is the same for every client.
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: model ? relyingPartyClaims(model) : claimsSupported(tenant, policy),
  });
}

const RESPONSE_TYPES = [
  ...['code', 'code id_token', 'code token', 'code id_token token'],
  ...['id_token', 'id_token token', 'token', 'token id_token'],
];

const FIXED_TAIL = ['iss', 'iat', 'exp', 'aud', 'acr', 'nonce', 'auth_time'];

function claimsSupported(tenant: Tenant, policy: Policy): string[] {
  const configured = [
    ...policy.attributes.map(({ claim }) => claim),
    ...Object.keys(policy.claims),
  ];
  return [...configured, ...tenantKind(tenant).claimsSupported(policy), ...FIXED_TAIL];
}

/** The output claims of a custom policy, by their names in the token. */
const relyingPartyClaims = ({ relyingParty }: PolicyModel): string[] => [
  ...relyingParty.profile.outputClaims.map(tokenName),
  ...FIXED_TAIL,
];

export function buildKeySet(ring: KeyRing): JsonResponse {
  return jsonResponse(200, { keys: ring.map((key) => key.jwk) });
}
