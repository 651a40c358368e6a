import type { Application } from '../tenant/application.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import { shapeOf } from '../tenant/shapes.ts';
import { type Grant, issueRefreshToken, refreshLifetimeSeconds } from './grants.ts';
import { createAccessToken, createIdToken } from './id-token.ts';
import { encodeJson } from './jwt.ts';
import { type Resource, scopeText } from './scopes.ts';

/**
 * The members of a token answer, in B2C's order. Without a resource in the scope there is no
 * `access_token` and no `expires_in`: not what RFC 6749 says, but what B2C does.
 */
export function buildTokenAnswer(
  tenant: LocalTenant,
  grant: Grant,
  { origin, client }: { origin: string; client: Application },
): Record<string, unknown> {
  const nowSeconds = Math.floor(tenant.now() / 1000);
  const lifetimeSeconds = grant.policy.tokenLifetimeMinutes * 60;
  const { openid, offlineAccess } = grant.scope;
  const resource = resourceOf(tenant, grant, client);
  const answer: Record<string, unknown> = {
    ...(resource ? { access_token: createAccessToken(tenant, grant, { origin, resource }) } : {}),
    ...(openid ? { id_token: createIdToken(tenant, grant, { origin }) } : {}),
    token_type: 'Bearer',
    not_before: nowSeconds,
    ...(resource
      ? {
          expires_in: lifetimeSeconds,
          expires_on: nowSeconds + lifetimeSeconds,
          resource: resource.audience,
        }
      : {}),
    ...(openid ? { id_token_expires_in: lifetimeSeconds } : {}),
    profile_info: buildProfileInfo(tenant, grant),
    scope: scopeText(grant.scope),
    ...(offlineAccess ? refreshMembers(tenant, grant, client) : {}),
    ...(grant.clientInfo ? { client_info: buildClientInfo(tenant, grant) } : {}),
  };
  return grant.policy.numbersAsStrings ? withNumbersAsStrings(answer) : answer;
}

// For libraries that refuse an answer without access token, if the setting says so.
function resourceOf(
  { definition }: LocalTenant,
  { scope }: Grant,
  { id }: Application,
): Resource | undefined {
  const { usualAudience } = shapeOf(definition.tenant);
  const audience = definition.behaviour.accessTokenWithoutResource ? id : usualAudience;
  return scope.resource ?? (audience ? { audience, scopes: [], shortNames: [] } : undefined);
}

function refreshMembers(
  tenant: LocalTenant,
  grant: Grant,
  client: Application,
): Record<string, unknown> {
  return {
    refresh_token: issueRefreshToken(tenant.refreshTokens, grant, tenant.now()),
    refresh_token_expires_in: refreshLifetimeSeconds(grant.policy, client),
  };
}

function buildProfileInfo(tenant: LocalTenant, { personClaims }: Grant): string {
  return encodeJson({
    ver: '1.0',
    tid: tenant.definition.tenant.id,
    sub: null,
    name: personClaims['name'],
    preferred_username: null,
    idp: personClaims['idp'] ?? 'LocalAccount',
  });
}

/** MSAL keys its accounts by this, so each policy yields an account of its own. */
export function buildClientInfo(tenant: LocalTenant, { accountOid, policy }: Grant): string {
  const uid = `${accountOid}-${policy.name.toLowerCase()}`;
  return encodeJson({ uid, utid: tenant.definition.tenant.id });
}

function withNumbersAsStrings(answer: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(answer).map(([name, value]) => [
    name,
    typeof value === 'number' ? String(value) : value,
  ]);
  return Object.fromEntries(members);
}
