import { randomUUID } from 'node:crypto';
import type { TenantDefinition } from '../definition/tenant.ts';
import { type Accounts, findLocalAccount } from '../state/accounts.ts';
import type { Grant } from '../state/grants.ts';
import { tryPassword } from '../state/password-attempt.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { requireParameter } from '../tokens/grant-checks.ts';
import { parseScope } from '../tokens/scopes.ts';
import { b2cUserClaims } from '../tokens/user-claims.ts';
import type { GrantRequest } from './token-request.ts';

/** Resource owner password credentials, for policies of the kind `passwordGrant` only. */
export function handlePasswordGrant(
  { accounts, definition, now }: { accounts: Accounts; definition: TenantDefinition; now: number },
  { parameters, policy, client }: GrantRequest,
): Grant {
  if (policy.kind !== 'passwordGrant') throw new B2cError('AADB2C90224');
  const account = findLocalAccount(accounts, requireParameter(parameters, 'username'));
  const password = requireParameter(parameters, 'password');
  const { lockout } = definition.behavior;
  if (!account || tryPassword(account, password, { lockout, now }) !== 'right') {
    throw new B2cError('AADB2C90225');
  }
  return {
    family: randomUUID(),
    clientId: client.id,
    policy,
    accountOid: account.oid,
    userClaims: b2cUserClaims(account, policy, definition.tenant),
    nonce: parameters.get('nonce') ?? undefined,
    authTimeSeconds: Math.floor(now / 1000),
    scope: parseScope(requireParameter(parameters, 'scope'), client, definition.applications),
    clientInfo: false,
  };
}
