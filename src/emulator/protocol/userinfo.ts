/** The userinfo endpoint that a custom policy may define (OpenID Connect Core, 5.3). */

import { keyRingOf, type LocalTenant } from '../tenant/local-tenant.ts';
import type { Policy } from '../tenant/policy.ts';
import { issuerOf } from '../tenant/shapes.ts';
import { readSignedClaims } from '../tokens/jwt.ts';
import { personClaims } from '../tokens/person-claims.ts';
import { type Answer, jsonAnswer } from './answer.ts';

export function answerUserInfo(
  tenant: LocalTenant,
  {
    authorization = '',
    policy,
    origin,
  }: { authorization: string | undefined; policy: Policy; origin: string },
): Answer {
  const [scheme = '', token = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'bearer' || !token) return refusal('Bearer');
  const claims = readSignedClaims(token, keyRingOf(tenant, policy));
  const account = tenant.accounts.get(String(claims?.['sub']));
  const isValid =
    claims !== undefined &&
    claims['iss'] === issuerOf(origin, tenant.definition.tenant, policy) &&
    claims['acr'] === policy.name.toLowerCase() &&
    Number(claims['exp']) * 1000 > tenant.now();
  if (!isValid || !account) return refusal('Bearer error="invalid_token"');
  return jsonAnswer(200, personClaims(account, policy, tenant.definition.tenant));
}

// RFC 6750, 3
function refusal(challenge: string): Answer {
  const answer = jsonAnswer(401, { error: 'invalid_token' });
  return { ...answer, headers: ['WWW-Authenticate', challenge] };
}
