import type { Account } from './accounts.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { type AuthorizationResponse, withState } from './authorization-response.ts';
import { applyFaults } from './faults.ts';
import { type Grant, issueCode } from './grants.ts';
import { type BoundHashes, createAccessToken, createIdToken, halfHash } from './id-token.ts';
import type { LocalTenant } from './local-tenant.ts';
import { personClaims } from './person-claims.ts';
import { buildClientInfo } from './token-answer.ts';

/** The way back to the application with a code, tokens or both, as the request asked. */
export function completeSignIn(
  tenant: LocalTenant,
  request: AuthorizationRequest,
  { account, claims }: { account: Account; claims: Record<string, unknown> },
): AuthorizationResponse {
  const { returnAddress, policy, origin, responseTypes } = request;
  const grant = buildGrant(tenant, request, { account, claims });
  const parameters: [string, string][] = [];
  const hashes: BoundHashes = {};
  if (responseTypes.includes('code')) {
    const code = issueCode(tenant.codes, {
      grant,
      redirectUri: returnAddress.redirectUri,
      codeChallenge: request.codeChallenge,
      issuedAt: tenant.now(),
    });
    parameters.push(['code', code]);
    hashes.c_hash = halfHash(code);
  }
  const { resource } = grant.scope;
  if (responseTypes.includes('token') && resource) {
    const accessToken = createAccessToken(tenant, grant, { origin, resource });
    parameters.push(
      ['access_token', accessToken],
      ['token_type', 'Bearer'],
      ['expires_in', '3600'],
    );
    hashes.at_hash = halfHash(accessToken);
  }
  if (responseTypes.includes('id_token')) {
    parameters.push(['id_token', createIdToken(tenant, grant, { origin, hashes })]);
  }
  if (grant.clientInfo) parameters.push(['client_info', buildClientInfo(tenant, grant)]);
  return {
    redirectUri: returnAddress.redirectUri,
    responseMode: returnAddress.responseMode,
    parameters: applyFaults(tenant, 'callback', withState(parameters, returnAddress.state), {
      policy,
    }),
  };
}

function buildGrant(
  tenant: LocalTenant,
  request: AuthorizationRequest,
  { account, claims }: { account: Account; claims: Record<string, unknown> },
): Grant {
  const { client, policy, nonce, scope, clientInfo } = request;
  return {
    clientId: client.id,
    policy,
    accountOid: account.oid,
    personClaims: { ...personClaims(account, policy, tenant.definition.tenant), ...claims },
    nonce,
    // Of this attempt: B2C does not tell a password from a session here.
    authTimeSeconds: Math.floor(tenant.now() / 1000),
    scope,
    clientInfo,
  };
}
