import { tenantKind } from '../definition/tenant-kinds.ts';
import { GRAPH_SCOPE, issueGraphToken } from '../graph/graph-token.ts';
import type { Grant } from '../state/grants.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { errorParameters } from '../tokens/error-parameters.ts';
import { requireParameter } from '../tokens/grant-checks.ts';
import type { TokenIssuer } from '../tokens/id-token.ts';
import { narrowScope, parseScope, refreshedScope } from '../tokens/scopes.ts';
import { buildTokenResponse } from '../tokens/token-response.ts';
import { authenticateClient } from './client-authentication.ts';
import { handleClientCredentials } from './client-credentials.ts';
import { applyFaults } from './faults.ts';
import { JourneyRefusal, passwordRun, refreshRun } from './journey-grants.ts';
import { findCustomPolicy, type LocalTenant, tokenIssuer } from './local-tenant.ts';
import { handlePasswordGrant } from './password-grant.ts';
import { redeemCode, redeemRefreshToken, requireAccount } from './redeem-grant.ts';
import { type JsonResponse, jsonResponse } from './response.ts';
import type { GrantRequest, TokenRequest } from './token-request.ts';

/** The token endpoint: redeems a grant, or returns a B2C error. */
export async function handleTokenRequest(
  tenant: LocalTenant,
  request: TokenRequest,
): Promise<JsonResponse> {
  return applyFaults(tenant, 'token', await tokensOrError(tenant, request), request);
}

async function tokensOrError(tenant: LocalTenant, request: TokenRequest): Promise<JsonResponse> {
  try {
    return jsonResponse(200, await issueTokens(tenant, request));
  } catch (error) {
    if (!(error instanceof B2cError) && !(error instanceof JourneyRefusal)) throw error;
    const { tenant: ofDefinition } = tenant.definition;
    const format = request.isEntra
      ? ({ ...ofDefinition, kind: 'external-id' } as const)
      : ofDefinition;
    return jsonResponse(400, errorParameters(format, error, tenant.now()));
  }
}

async function issueTokens(
  tenant: LocalTenant,
  request: TokenRequest,
): Promise<Record<string, unknown>> {
  const { parameters, authorization, origin } = request;
  const grantType = parameters.get('grant_type');
  if (!grantType) throw new B2cError('AADB2C90083', { name: 'grant_type' });
  const { definition } = tenant;
  const client = authenticateClient(authorization, parameters, definition);
  const grantRequest = { ...request, grantType, client };
  const isForGraph = parameters.get('scope') === GRAPH_SCOPE;
  if (request.isEntra && (isForGraph || tenantKind(definition.tenant).hasPolicies)) {
    return issueForGraph(tokenIssuer(tenant), grantRequest);
  }
  if (grantType === 'client_credentials') return handleClientCredentials(tenant, grantRequest);
  const grant = await redeemGrant(tenant, grantRequest);
  if (grant.accountOid !== '') requireAccount(tenant.accounts, grant);
  const scope = parameters.get('scope');
  const restrict = grantType === 'refresh_token' ? refreshedScope : narrowScope;
  const granted = {
    ...grant,
    clientInfo: grant.clientInfo || parameters.get('client_info') === '1',
    scope: scope
      ? restrict(grant.scope, parseScope(scope, client, definition.applications))
      : grant.scope,
  };
  return buildTokenResponse(tokenIssuer(tenant), granted, { origin, client });
}

/** The only tokens that B2C tenants have at the endpoint of Microsoft Entra. */
function issueForGraph(
  issuer: TokenIssuer,
  { parameters, grantType, client, origin }: GrantRequest,
): Record<string, unknown> {
  if (grantType !== 'client_credentials' || client.type !== 'web') {
    throw new B2cError('AADB2C90086', { value: grantType });
  }
  const scope = requireParameter(parameters, 'scope');
  if (scope !== GRAPH_SCOPE) throw new B2cError('AADB2C90117', { scope });
  return issueGraphToken(issuer, { client, origin });
}

async function redeemGrant(tenant: LocalTenant, request: GrantRequest): Promise<Grant> {
  const now = tenant.now();
  const model = findCustomPolicy(tenant, request.policy);
  if (request.grantType === 'authorization_code') return redeemCode(tenant.codes, request, now);
  if (request.grantType === 'refresh_token') {
    const { grant, issuedAt } = redeemRefreshToken(tenant, request, now);
    return model ? refreshRun(tenant, { ...request, model, grant, issuedAt }) : grant;
  }
  const { accounts, definition } = tenant;
  if (request.grantType === 'password') {
    if (model) return passwordRun(tenant, { ...request, model });
    return handlePasswordGrant({ accounts, definition, now }, request);
  }
  throw new B2cError('AADB2C90086', { value: request.grantType });
}
