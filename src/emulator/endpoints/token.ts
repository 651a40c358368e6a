import type { Grant } from '../state/grants.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { errorParameters } from '../tokens/error-parameters.ts';
import { narrowScope, parseScope, refreshedScope } from '../tokens/scopes.ts';
import { buildTokenResponse } from '../tokens/token-response.ts';
import { authenticateClient } from './client-authentication.ts';
import { handleClientCredentials } from './client-credentials.ts';
import { applyFaults } from './faults.ts';
import { type IssuingTenant, type LocalTenant, tokenIssuer } from './local-tenant.ts';
import { handlePasswordGrant } from './password-grant.ts';
import { redeemCode, redeemRefreshToken, requireAccount } from './redeem-grant.ts';
import { type JsonResponse, jsonResponse } from './response.ts';
import type { GrantRequest, TokenRequest } from './token-request.ts';

type TokenTenant = IssuingTenant & Pick<LocalTenant, 'codes' | 'accounts' | 'requestLog'>;

/** The token endpoint: redeems a grant, or returns a B2C error. */
export function handleTokenRequest(tenant: TokenTenant, request: TokenRequest): JsonResponse {
  return applyFaults(tenant, 'token', tokensOrError(tenant, request), request);
}

function tokensOrError(tenant: TokenTenant, request: TokenRequest): JsonResponse {
  try {
    return jsonResponse(200, issueTokens(tenant, request));
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    return jsonResponse(400, errorParameters(tenant.definition.tenant, error, tenant.now()));
  }
}

function issueTokens(tenant: TokenTenant, request: TokenRequest): Record<string, unknown> {
  const { parameters, authorization, origin } = request;
  const grantType = parameters.get('grant_type');
  if (!grantType) throw new B2cError('AADB2C90083', { name: 'grant_type' });
  const { definition } = tenant;
  const client = authenticateClient(authorization, parameters, definition);
  const grantRequest = { ...request, grantType, client };
  const issuer = tokenIssuer(tenant);
  if (grantType === 'client_credentials') {
    return handleClientCredentials(issuer, definition.applications, grantRequest);
  }
  const grant = redeemGrant(tenant, grantRequest);
  requireAccount(tenant.accounts, grant);
  const scope = parameters.get('scope');
  const restrict = grantType === 'refresh_token' ? refreshedScope : narrowScope;
  const granted = {
    ...grant,
    clientInfo: grant.clientInfo || parameters.get('client_info') === '1',
    scope: scope
      ? restrict(grant.scope, parseScope(scope, client, definition.applications))
      : grant.scope,
  };
  return buildTokenResponse(issuer, granted, { origin, client });
}

function redeemGrant(tenant: TokenTenant, request: GrantRequest): Grant {
  const now = tenant.now();
  if (request.grantType === 'authorization_code') return redeemCode(tenant.codes, request, now);
  if (request.grantType === 'refresh_token') return redeemRefreshToken(tenant, request, now);
  const { accounts, definition } = tenant;
  if (request.grantType === 'password') {
    return handlePasswordGrant({ accounts, definition, now }, request);
  }
  throw new B2cError('AADB2C90086', { value: request.grantType });
}
