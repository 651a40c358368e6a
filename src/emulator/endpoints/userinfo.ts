/** The userinfo endpoint that a custom policy can define (OpenID Connect Core, 5.3). */
import type { Policy } from '../definition/policy.ts';
import { buildIssuer } from '../definition/tenant-kinds.ts';
import { findKeyRing } from '../state/signing-keys.ts';
import { readSignedClaims } from '../tokens/jwt.ts';
import { b2cUserClaims } from '../tokens/user-claims.ts';
import type { LocalTenant } from './local-tenant.ts';
import { type JsonResponse, jsonResponse } from './response.ts';

type UserInfoTenant = Pick<LocalTenant, 'keys' | 'accounts' | 'definition' | 'now'>;

export function handleUserInfo(
  { keys, accounts, definition, now }: UserInfoTenant,
  {
    authorization = '',
    policy,
    origin,
  }: { authorization: string | undefined; policy: Policy; origin: string },
): JsonResponse {
  const [scheme = '', token = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'bearer' || !token) return unauthorized('Bearer');
  const claims = readSignedClaims(token, findKeyRing(keys, policy));
  const account = accounts.get(String(claims?.['sub']));
  const isValid =
    claims !== undefined &&
    claims['iss'] === buildIssuer(origin, definition.tenant, policy) &&
    claims['acr'] === policy.name.toLowerCase() &&
    Number(claims['exp']) * 1000 > now();
  if (!isValid || !account) return unauthorized('Bearer error="invalid_token"');
  return jsonResponse(200, b2cUserClaims(account, policy, definition.tenant));
}

// RFC 6750, 3
const unauthorized = (challenge: string): JsonResponse => ({
  ...jsonResponse(401, { error: 'invalid_token' }),
  headers: ['WWW-Authenticate', challenge],
});
