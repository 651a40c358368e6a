import { applyFaults } from '../admin/faults.ts';
import { countReuse } from '../admin/request-log.ts';
import type { Account } from '../tenant/accounts.ts';
import type { Application } from '../tenant/application.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { Policy } from '../tenant/policy.ts';
import {
  CODE_LIFETIME_MS,
  type Grant,
  refreshLifetimeSeconds,
  requireCodeVerifier,
  requireNotExpired,
  requireOwnGrant,
  requireParameter,
  revokeFamily,
} from '../tokens/grants.ts';
import { narrowScope, parseScope, refreshedScope } from '../tokens/scopes.ts';
import { buildTokenAnswer } from '../tokens/token-answer.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { B2cError } from './b2c-error.ts';
import { authenticateClient } from './client-authentication.ts';
import { answerClientCredentials } from './client-credentials.ts';
import { errorParameters } from './error-parameters.ts';
import { grantByPassword } from './password-grant.ts';

export interface TokenRequest {
  parameters: URLSearchParams;
  authorization: string | undefined;
  policy: Policy;
  origin: string;
}

/** The token endpoint: a grant in, tokens or a B2C error out. */
export function answerTokenRequest(tenant: LocalTenant, request: TokenRequest): Answer {
  return applyFaults(tenant, 'token', tokensOrError(tenant, request), request);
}

function tokensOrError(tenant: LocalTenant, request: TokenRequest): Answer {
  try {
    return jsonAnswer(200, redeem(tenant, request));
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    return jsonAnswer(400, errorParameters(error, tenant));
  }
}

function redeem(tenant: LocalTenant, request: TokenRequest): Record<string, unknown> {
  const { parameters, authorization } = request;
  const grantType = parameters.get('grant_type');
  if (!grantType) throw new B2cError('AADB2C90083', { name: 'grant_type' });
  const client = authenticateClient(authorization, parameters, tenant.definition);
  const grantRequest = { ...request, grantType, client };
  if (grantType === 'client_credentials') return answerClientCredentials(tenant, grantRequest);
  const grant = redeemGrant(tenant, grantRequest);
  requireAccount(tenant, grant);
  const scope = parameters.get('scope');
  const { applications } = tenant.definition;
  const scopeOf = grantType === 'refresh_token' ? refreshedScope : narrowScope;
  const granted = {
    ...grant,
    clientInfo: grant.clientInfo || parameters.get('client_info') === '1',
    scope: scope ? scopeOf(grant.scope, parseScope(scope, client, applications)) : grant.scope,
  };
  return buildTokenAnswer(tenant, granted, { origin: request.origin, client });
}

function requireAccount(tenant: LocalTenant, { accountOid }: Grant): Account {
  const account = tenant.accounts.get(accountOid);
  if (!account) throw new B2cError('AADB2C90128');
  if (account.disabled) throw new B2cError('AADB2C90129');
  return account;
}

export type GrantRequest = TokenRequest & { grantType: string; client: Application };

function redeemGrant(tenant: LocalTenant, request: GrantRequest): Grant {
  if (request.grantType === 'authorization_code') return redeemCode(tenant, request);
  if (request.grantType === 'refresh_token') return redeemRefreshToken(tenant, request);
  if (request.grantType === 'password') return grantByPassword(tenant, request);
  throw new B2cError('AADB2C90086', { value: request.grantType });
}

function redeemCode(tenant: LocalTenant, { parameters, policy, client }: GrantRequest): Grant {
  const code = tenant.codes.get(requireParameter(parameters, 'code'));
  if (!code) throw new B2cError('AADB2C90085');
  requireOwnGrant(code.grant, { policy, clientId: client.id });
  requireNotExpired(code.issuedAt, CODE_LIFETIME_MS, tenant.now());
  // No number is documented for a code that comes a second time.
  if (code.used) throw new B2cError('AADB2C90129');
  const redirectUri = requireParameter(parameters, 'redirect_uri');
  if (redirectUri !== code.redirectUri) {
    throw new B2cError('AADB2C90006', { redirectUri, clientId: client.id }, 'invalid_grant');
  }
  requireCodeVerifier(code.codeChallenge, parameters.get('code_verifier') ?? undefined);
  code.used = true;
  return code.grant;
}

function redeemRefreshToken(
  tenant: LocalTenant,
  { parameters, policy, client }: GrantRequest,
): Grant {
  const refresh = tenant.refreshTokens.get(requireParameter(parameters, 'refresh_token'));
  if (!refresh) throw new B2cError('AADB2C90085');
  requireOwnGrant(refresh.grant, { policy, clientId: client.id });
  const lifetimeMs = refreshLifetimeSeconds(policy, client) * 1000;
  requireNotExpired(refresh.issuedAt, lifetimeMs, tenant.now());
  const account = requireAccount(tenant, refresh.grant);
  const isRevoked = refresh.issuedAt < account.refreshTokensValidFrom;
  const isSpent = refresh.used && policy.singleUseRefreshTokens;
  if (isSpent) {
    revokeFamily(tenant.refreshTokens, refresh.grant.family);
    countReuse(tenant.requestLog);
  }
  if (isRevoked || isSpent) throw new B2cError('AADB2C90129');
  refresh.used = true;
  const { newUser: _, ...personClaims } = refresh.grant.personClaims;
  return { ...refresh.grant, personClaims };
}
