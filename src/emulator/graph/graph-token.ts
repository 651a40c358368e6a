/** Access tokens for Microsoft Graph, which an application gets for itself at the tenant's token endpoint. */
import type { Application } from '../definition/application.ts';
import type { Tenant } from '../definition/tenant-kinds.ts';
import type { SigningKeys } from '../state/signing-keys.ts';
import { draftJwt, encodeJwt, readSignedClaims } from '../tokens/jwt.ts';
import { GraphError } from './graph-error.ts';

const AUDIENCE = 'https://graph.microsoft.com';

export const GRAPH_SCOPE = `${AUDIENCE}/.default`;

const LIFETIME_SECONDS = 3599;

/** Application permissions, by the methods that they allow. */
const READ = ['User.Read.All', 'Directory.Read.All'];
const WRITE = ['User.ReadWrite.All', 'Directory.ReadWrite.All'];

interface TokenContext {
  tenant: Tenant;
  keys: SigningKeys;
  /** Epoch milliseconds. */
  now: number;
}

/** Without a list of permissions, an application has all of them. */
export function issueGraphToken(
  { tenant, keys, now }: TokenContext,
  { client, origin }: { client: Application; origin: string },
): Record<string, unknown> {
  const nowSeconds = Math.floor(now / 1000);
  const claims = {
    ...{ aud: AUDIENCE, iss: `${origin}/${tenant.id}/`, appid: client.id, tid: tenant.id },
    ...{ iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + LIFETIME_SECONDS },
    roles: [...READ, ...WRITE].filter(
      (role) => client.permissions?.includes(`${AUDIENCE}/${role}`) ?? true,
    ),
  };
  return {
    ...{ token_type: 'Bearer', expires_in: LIFETIME_SECONDS, ext_expires_in: LIFETIME_SECONDS },
    access_token: encodeJwt(draftJwt(claims, keys.userFlows[0])),
  };
}

/** @throws GraphError 401 for an invalid token, 403 for one without the permission */
export function requirePermission(
  { tenant, keys, now }: TokenContext,
  { authorization = '', method }: { authorization: string | undefined; method: string },
): void {
  const [, token] = /^Bearer (.+)$/i.exec(authorization) ?? [];
  if (!token) throw unauthorized('Access token is empty.');
  const claims = readSignedClaims(token, keys.userFlows);
  if (!claims) throw unauthorized('The tenant has not signed this access token.');
  if (claims['aud'] !== AUDIENCE || claims['tid'] !== tenant.id) {
    throw unauthorized(
      `Access token validation failure. Invalid audience: request ${GRAPH_SCOPE}.`,
    );
  }
  if (!(Number(claims['exp']) * 1000 > now)) {
    throw unauthorized('Lifetime validation failed, the token is expired.');
  }
  const needed = method === 'GET' ? [...READ, ...WRITE] : WRITE;
  const roles = claims['roles'] as string[];
  if (!needed.some((role) => roles.includes(role))) {
    const message = `Insufficient privileges to complete the operation: it needs ${needed.join(' or ')}.`;
    throw new GraphError(403, 'Authorization_RequestDenied', message);
  }
}

const unauthorized = (message: string) =>
  new GraphError(401, 'InvalidAuthenticationToken', message);
