import { randomUUID } from 'node:crypto';
import { applyFaults } from '../admin/faults.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { type AuthorizationResponse, withState } from '../protocol/authorization-response.ts';
import type { Account } from '../tenant/accounts.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import { shapeOf } from '../tenant/shapes.ts';
import { type Grant, issueCode } from '../tokens/grants.ts';
import {
  type BoundHashes,
  createAccessToken,
  createIdToken,
  halfHash,
} from '../tokens/id-token.ts';
import { buildClientInfo } from '../tokens/token-answer.ts';

interface SignedIn {
  account: Account;
  /** Of this sign-in alone. */
  claims: Record<string, unknown>;
  /** The session at the tenant. */
  sid: string;
}

/** The way back to the application with a code, tokens or both, as the request asked. */
export function completeSignIn(
  tenant: LocalTenant,
  request: AuthorizationRequest,
  { account, claims, sid }: SignedIn,
): AuthorizationResponse {
  const { policy, origin, responseTypes } = request;
  const { redirectUri, responseMode, state } = request.returnAddress;
  const grant = buildGrant(tenant, request, { account, claims, sid });
  const parameters: [string, string][] = [];
  const hashes: BoundHashes = {};
  if (responseTypes.includes('code')) {
    const code = issueCode(tenant.codes, {
      grant,
      redirectUri,
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
      ['expires_in', String(policy.tokenLifetimeMinutes * 60)],
    );
    hashes.at_hash = halfHash(accessToken);
  }
  if (responseTypes.includes('id_token')) {
    parameters.push(['id_token', createIdToken(tenant, grant, { origin, hashes })]);
  }
  if (grant.clientInfo) parameters.push(['client_info', buildClientInfo(tenant, grant)]);
  const all = withState(parameters, state);
  return {
    redirectUri,
    responseMode,
    parameters: applyFaults(tenant, 'callback', all, { policy }),
  };
}

function buildGrant(
  tenant: LocalTenant,
  request: AuthorizationRequest,
  { account, claims, sid }: SignedIn,
): Grant {
  const { client, policy, nonce, scope, clientInfo } = request;
  const { tenant: definition } = tenant.definition;
  return {
    family: randomUUID(),
    clientId: client.id,
    policy,
    accountOid: account.oid,
    personClaims: {
      ...shapeOf(definition).personClaims(account, policy, definition),
      ...request.policyClaims,
      ...request.hintedClaims,
      ...claims,
    },
    nonce,
    // Of this attempt: B2C does not tell a password from a session here.
    authTimeSeconds: Math.floor(tenant.now() / 1000),
    scope,
    clientInfo,
    ...(tenant.definition.behaviour.logoutIssuerAndSession ? { sid } : {}),
  };
}
