import { randomUUID } from 'node:crypto';
import { tryPassword } from '../journeys/password-attempt.ts';
import { findLocalAccount } from '../tenant/accounts.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import { type Grant, requireParameter } from '../tokens/grants.ts';
import { personClaims } from '../tokens/person-claims.ts';
import { parseScope } from '../tokens/scopes.ts';
import { B2cError } from './b2c-error.ts';
import type { GrantRequest } from './token.ts';

/** Resource owner password credentials: only at policies that are made for it. */
export function grantByPassword(tenant: LocalTenant, request: GrantRequest): Grant {
  const { parameters, policy, client } = request;
  if (policy.kind !== 'passwordGrant') throw new B2cError('AADB2C90224');
  const account = findLocalAccount(tenant.accounts, requireParameter(parameters, 'username'));
  const password = requireParameter(parameters, 'password');
  if (!account || tryPassword(tenant, account, password) !== 'right') {
    throw new B2cError('AADB2C90225');
  }
  const { applications, tenant: definition } = tenant.definition;
  return {
    family: randomUUID(),
    clientId: client.id,
    policy,
    accountOid: account.oid,
    personClaims: personClaims(account, policy, definition),
    nonce: parameters.get('nonce') ?? undefined,
    authTimeSeconds: Math.floor(tenant.now() / 1000),
    scope: parseScope(requireParameter(parameters, 'scope'), client, applications),
    clientInfo: false,
  };
}
