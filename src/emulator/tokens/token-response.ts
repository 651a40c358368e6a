import type { Application } from '../definition/application.ts';
import type { Behavior } from '../definition/behavior.ts';
import { type Tenant, tenantKind } from '../definition/tenant-kinds.ts';
import {
  type Grant,
  type Grants,
  issueRefreshToken,
  type Resource,
  refreshLifetimeSeconds,
} from '../state/grants.ts';
import {
  accessTokenSeconds,
  createAccessToken,
  createIdToken,
  idTokenSeconds,
  type TokenIssuer,
} from './id-token.ts';
import { encodeJson } from './jwt.ts';
import { scopeText } from './scopes.ts';

/** Everything that a token response needs. */
export type ResponseIssuer = TokenIssuer &
  Pick<Grants, 'refreshTokens'> & { behavior: Pick<Behavior, 'accessTokenWithoutResource'> };

/**
 * The members of a token response, in B2C's order. Without a resource in the scope, B2C omits
 * `access_token` and `expires_in`, although RFC 6749 requires them.
 */
export function buildTokenResponse(
  issuer: ResponseIssuer,
  grant: Grant,
  { origin, client }: { origin: string; client: Application },
): Record<string, unknown> {
  const { tenant } = issuer;
  const nowSeconds = Math.floor(issuer.now / 1000);
  const lifetimeSeconds = accessTokenSeconds(grant.policy);
  const { openid, offlineAccess } = grant.scope;
  const resource = grant.scope.resource ?? defaultResource(issuer, client);
  const members: Record<string, unknown> = {
    ...(resource ? { access_token: createAccessToken(issuer, grant, { origin, resource }) } : {}),
    ...(openid ? { id_token: createIdToken(issuer, grant, { origin }) } : {}),
    token_type: 'Bearer',
    not_before: nowSeconds,
    ...(resource
      ? {
          expires_in: lifetimeSeconds,
          expires_on: nowSeconds + lifetimeSeconds,
          resource: resource.audience,
        }
      : {}),
    ...(openid ? { id_token_expires_in: idTokenSeconds(grant.policy) } : {}),
    profile_info: buildProfileInfo(tenant, grant),
    scope: scopeText(grant.scope),
    ...(offlineAccess ? refreshMembers(issuer, grant, client) : {}),
    ...(grant.clientInfo ? { client_info: buildClientInfo(tenant, grant) } : {}),
  };
  return grant.policy.numbersAsStrings ? withNumbersAsStrings(members) : members;
}

/** The audience of an access token that no scope requested. */
function defaultResource(
  { tenant, behavior }: ResponseIssuer,
  { id }: Application,
): Resource | undefined {
  const audience = behavior.accessTokenWithoutResource ? id : tenantKind(tenant).defaultAudience;
  return audience ? { audience, scopes: [], shortNames: [] } : undefined;
}

function refreshMembers(
  { refreshTokens, now }: ResponseIssuer,
  grant: Grant,
  client: Application,
): Record<string, unknown> {
  return {
    refresh_token: issueRefreshToken(refreshTokens, grant, now),
    refresh_token_expires_in: refreshLifetimeSeconds(grant.policy, client),
  };
}

function buildProfileInfo({ id }: Tenant, { userClaims }: Grant): string {
  return encodeJson({
    ver: '1.0',
    tid: id,
    sub: null,
    name: userClaims['name'],
    preferred_username: null,
    idp: userClaims['idp'] ?? 'LocalAccount',
  });
}

/** MSAL identifies its accounts by this value, so each policy gives a separate account. */
export function buildClientInfo({ id }: Tenant, { accountOid, policy }: Grant): string {
  return encodeJson({ uid: `${accountOid}-${policy.name.toLowerCase()}`, utid: id });
}

function withNumbersAsStrings(members: Record<string, unknown>): Record<string, unknown> {
  const changed = Object.entries(members).map(([name, value]) => [
    name,
    typeof value === 'number' ? String(value) : value,
  ]);
  return Object.fromEntries(changed);
}
