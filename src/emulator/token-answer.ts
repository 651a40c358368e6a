import { type Grant, issueRefreshToken, REFRESH_TOKEN_LIFETIME_MS } from './grants.ts';
import { createAccessToken, createIdToken, TOKEN_LIFETIME_SECONDS } from './id-token.ts';
import { encodeJson } from './jwt.ts';
import type { LocalTenant } from './local-tenant.ts';
import { scopeText } from './scopes.ts';

/**
 * The members of a token answer, in B2C's order. Without a resource in the scope there is no
 * `access_token` and no `expires_in`: not what RFC 6749 says, but what B2C does.
 */
export function buildTokenAnswer(
  tenant: LocalTenant,
  grant: Grant,
  origin: string,
): Record<string, unknown> {
  const nowSeconds = Math.floor(tenant.now() / 1000);
  const { resource, openid, offlineAccess } = grant.scope;
  const answer: Record<string, unknown> = {
    ...(resource ? { access_token: createAccessToken(tenant, grant, { origin, resource }) } : {}),
    ...(openid ? { id_token: createIdToken(tenant, grant, { origin }) } : {}),
    token_type: 'Bearer',
    not_before: nowSeconds,
    ...(resource
      ? {
          expires_in: TOKEN_LIFETIME_SECONDS,
          expires_on: nowSeconds + TOKEN_LIFETIME_SECONDS,
          resource: resource.audience,
        }
      : {}),
    ...(openid ? { id_token_expires_in: TOKEN_LIFETIME_SECONDS } : {}),
    profile_info: buildProfileInfo(tenant, grant),
    scope: scopeText(grant.scope),
    ...(offlineAccess ? refreshMembers(tenant, grant) : {}),
    ...(grant.clientInfo ? { client_info: buildClientInfo(tenant, grant) } : {}),
  };
  return grant.policy.numbersAsStrings ? withNumbersAsStrings(answer) : answer;
}

function refreshMembers(tenant: LocalTenant, grant: Grant): Record<string, unknown> {
  return {
    refresh_token: issueRefreshToken(tenant.refreshTokens, grant, tenant.now()),
    refresh_token_expires_in: REFRESH_TOKEN_LIFETIME_MS / 1000,
  };
}

function buildProfileInfo(tenant: LocalTenant, { personClaims }: Grant): string {
  return encodeJson({
    ver: '1.0',
    tid: tenant.definition.tenant.id,
    sub: null,
    name: personClaims['name'],
    preferred_username: null,
    idp: 'LocalAccount',
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
