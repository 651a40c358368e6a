import { randomUUID } from 'node:crypto';
import type { JourneyRun } from '../policy/run.ts';
import type { Account } from '../state/accounts.ts';
import { type Grant, issueCode } from '../state/grants.ts';
import {
  accessTokenSeconds,
  type BoundHashes,
  createAccessToken,
  createIdToken,
  halfHash,
} from '../tokens/id-token.ts';
import { buildClientInfo } from '../tokens/token-response.ts';
import { userClaims } from '../tokens/user-claims.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { type AuthorizationResponse, withState } from './authorization-response.ts';
import { applyFaults } from './faults.ts';
import { type IssuingTenant, type LocalTenant, tokenIssuer } from './local-tenant.ts';

/** The members that completing a sign-in needs. */
export type SignInTenant = IssuingTenant & Pick<LocalTenant, 'codes' | 'url'>;

interface SignedIn {
  account: Account;
  /** Additional claims of this sign-in. */
  claims: Record<string, unknown>;
  /** SSO session. */
  sid: string;
}

/** The authorization response of a sign-in: a code, tokens or both, as requested. */
export function completeSignIn(
  tenant: SignInTenant,
  request: AuthorizationRequest,
  signedIn: SignedIn,
): AuthorizationResponse {
  return issueResponse(tenant, request, buildGrant(tenant, request, signedIn));
}

export function issueResponse(
  tenant: SignInTenant,
  request: AuthorizationRequest,
  grant: Grant,
): AuthorizationResponse {
  const { policy, returnTarget } = request;
  const { redirectUri, responseMode, state } = returnTarget;
  const parameters = withState(issueCodeAndTokens(tenant, request, grant), state);
  return {
    redirectUri,
    responseMode,
    parameters: applyFaults(tenant, 'callback', parameters, { policy }),
  };
}

function issueCodeAndTokens(
  tenant: SignInTenant,
  { policy, origin, responseTypes, returnTarget, codeChallenge }: AuthorizationRequest,
  grant: Grant,
): [string, string][] {
  const issuer = tokenIssuer(tenant);
  const { redirectUri } = returnTarget;
  const parameters: [string, string][] = [];
  const hashes: BoundHashes = {};
  if (responseTypes.includes('code')) {
    const issuedAt = issuer.now;
    const code = issueCode(tenant.codes, { grant, redirectUri, codeChallenge, issuedAt });
    parameters.push(['code', code]);
    hashes.c_hash = halfHash(code);
  }
  const { resource } = grant.scope;
  if (responseTypes.includes('token') && resource) {
    const accessToken = createAccessToken(issuer, grant, { origin, resource });
    parameters.push(
      ['access_token', accessToken],
      ['token_type', 'Bearer'],
      ['expires_in', String(accessTokenSeconds(policy))],
    );
    hashes.at_hash = halfHash(accessToken);
  }
  if (responseTypes.includes('id_token')) {
    parameters.push(['id_token', createIdToken(issuer, grant, { origin, hashes })]);
  }
  if (grant.clientInfo) parameters.push(['client_info', buildClientInfo(issuer.tenant, grant)]);
  return parameters;
}

function buildGrant(
  tenant: Pick<LocalTenant, 'definition' | 'now'>,
  request: AuthorizationRequest,
  { account, claims, sid }: SignedIn,
): Grant {
  const addedClaims = { ...request.policyClaims, ...request.hintedClaims, ...claims };
  const ofAccount = userClaims(account, request.policy, tenant.definition.tenant);
  return {
    ...describeGrant(tenant, request, sid),
    accountOid: account.oid,
    userClaims: { ...ofAccount, ...addedClaims },
    addedClaims,
  };
}

/** The grant of a journey that has issued claims. */
export const buildRunGrant = (
  tenant: Pick<LocalTenant, 'definition' | 'now'>,
  request: AuthorizationRequest,
  { outcome, run, sid }: { outcome: IssuedClaims; run: JourneyRun; sid: string },
): Grant => ({
  ...describeGrant(tenant, request, sid),
  accountOid: outcome.objectId ?? '',
  userClaims: outcome.claims,
  journeyClaims: Object.fromEntries(run.bag),
});

interface IssuedClaims {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly objectId: string | undefined;
}

function describeGrant(
  { definition: { behavior }, now }: Pick<LocalTenant, 'definition' | 'now'>,
  { client, policy, nonce, scope, clientInfo }: AuthorizationRequest,
  sid: string,
): Omit<Grant, 'accountOid' | 'userClaims'> {
  return {
    family: randomUUID(),
    clientId: client.id,
    policy,
    nonce,
    // The time of this sign-in attempt: B2C does not distinguish a password from an SSO session.
    authTimeSeconds: Math.floor(now() / 1000),
    scope,
    clientInfo,
    ...(behavior.logoutIssuerAndSession ? { sid } : {}),
  };
}
