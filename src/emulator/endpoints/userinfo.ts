/** The userinfo endpoint that a custom policy can define (OpenID Connect Core, 5.3). */
import type { Policy } from '../definition/policy.ts';
import { buildIssuer, tenantKind } from '../definition/tenant-kinds.ts';
import { findKeyRing } from '../state/signing-keys.ts';
import { errorParameters } from '../tokens/error-parameters.ts';
import { readSignedClaims } from '../tokens/jwt.ts';
import { b2cUserClaims } from '../tokens/user-claims.ts';
import { describeFailure } from './follow-stop.ts';
import { findEndpointJourney, runHeadless } from './headless-run.ts';
import { describeRequest } from './journey-request.ts';
import { findCustomPolicy, type LocalTenant } from './local-tenant.ts';
import { type JsonResponse, jsonResponse } from './response.ts';

export async function handleUserInfo(
  tenant: LocalTenant,
  {
    authorization = '',
    policy,
    origin,
    ipAddress,
  }: {
    authorization: string | undefined;
    policy: Policy;
    origin: string;
    ipAddress: string | undefined;
  },
): Promise<JsonResponse> {
  const { keys, accounts, definition, now } = tenant;
  const [scheme = '', token = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'bearer' || !token) return unauthorized('Bearer');
  const claims = readSignedClaims(token, findKeyRing(keys, policy));
  const account = accounts.get(String(claims?.['sub']));
  const names = Object.entries(tenantKind(definition.tenant).policyClaim(policy));
  const isValid =
    claims !== undefined &&
    claims['iss'] === buildIssuer(origin, definition.tenant, policy) &&
    names.every(([name, value]) => claims[name] === value) &&
    Number(claims['exp']) * 1000 > now();
  const model = findCustomPolicy(tenant, policy);
  const journey = model && findEndpointJourney(model, 'userinfo');
  if (isValid && journey) {
    const request = describeRequest({ parameters: new URLSearchParams(), origin, ipAddress });
    const { outcome } = await runHeadless(tenant, { model, journey, request, presented: claims });
    if (outcome.kind !== 'error') return jsonResponse(200, outcome.claims);
    return jsonResponse(400, errorParameters(definition.tenant, describeFailure(outcome), now()));
  }
  if (!isValid || !account) return unauthorized('Bearer error="invalid_token"');
  return jsonResponse(200, b2cUserClaims(account, policy, definition.tenant));
}

// RFC 6750, 3
const unauthorized = (challenge: string): JsonResponse => ({
  ...jsonResponse(401, { error: 'invalid_token' }),
  headers: ['WWW-Authenticate', challenge],
});
