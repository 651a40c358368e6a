/** Redeems an authorization code or a refresh token. */
import type { Tenant } from '../definition/tenant-kinds.ts';
import type { Account, Accounts } from '../state/accounts.ts';
import {
  CODE_LIFETIME_MS,
  type Grant,
  type Grants,
  refreshLifetimeSeconds,
  revokeFamily,
} from '../state/grants.ts';
import { countReuse, type RequestLog } from '../state/request-log.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import {
  requireCodeVerifier,
  requireNotExpired,
  requireOwnGrant,
  requireParameter,
} from '../tokens/grant-checks.ts';
import type { Claims } from '../tokens/jwt.ts';
import { userClaims } from '../tokens/user-claims.ts';
import type { GrantRequest } from './token-request.ts';

export function redeemCode(
  codes: Grants['codes'],
  { parameters, policy, client }: GrantRequest,
  now: number,
): Grant {
  const code = codes.get(requireParameter(parameters, 'code'));
  if (!code) throw new B2cError('AADB2C90085');
  requireOwnGrant(code.grant, { policy, clientId: client.id });
  requireNotExpired(code.issuedAt, CODE_LIFETIME_MS, now);
  // Microsoft documents no error code for a second use.
  if (code.used) throw new B2cError('AADB2C90129');
  const redirectUri = requireParameter(parameters, 'redirect_uri');
  if (redirectUri !== code.redirectUri) {
    throw new B2cError('AADB2C90006', { redirectUri, clientId: client.id }, 'invalid_grant');
  }
  requireCodeVerifier(code.codeChallenge, parameters.get('code_verifier') ?? undefined);
  code.used = true;
  return code.grant;
}

export function redeemRefreshToken(
  tenant: Pick<Grants, 'refreshTokens'> & {
    accounts: Accounts;
    requestLog: RequestLog;
    definition: { tenant: Tenant };
  },
  { parameters, policy, client }: GrantRequest,
  now: number,
): { grant: Grant; issuedAt: number } {
  const refresh = tenant.refreshTokens.get(requireParameter(parameters, 'refresh_token'));
  if (!refresh) throw new B2cError('AADB2C90085');
  requireOwnGrant(refresh.grant, { policy, clientId: client.id });
  const lifetimeMs = refreshLifetimeSeconds(policy, client) * 1000;
  requireNotExpired(refresh.issuedAt, lifetimeMs, now);
  const hasAccount = refresh.grant.accountOid !== '';
  const account = hasAccount ? requireAccount(tenant.accounts, refresh.grant) : undefined;
  const isRevoked = refresh.issuedAt < (account?.refreshTokensValidFrom ?? 0);
  const isReused = refresh.used && policy.singleUseRefreshTokens;
  if (isReused) {
    revokeFamily(tenant.refreshTokens, refresh.grant.family);
    countReuse(tenant.requestLog);
  }
  if (isRevoked || isReused) throw new B2cError('AADB2C90129');
  refresh.used = true;
  const { newUser: _, ...claims } = refreshedClaims(refresh.grant, account, tenant.definition);
  return { grant: { ...refresh.grant, userClaims: claims }, issuedAt: refresh.issuedAt };
}

/** User flows repeat the claims of the sign-in. A refresh journey of a custom policy reads the account again. */
function refreshedClaims(
  { policy, userClaims: previous, addedClaims }: Grant,
  account: Account | undefined,
  { tenant }: { tenant: Tenant },
): Claims {
  if (policy.refreshedClaims === 'repeat' || !account) return previous;
  return { ...userClaims(account, policy, tenant), ...addedClaims };
}

export function requireAccount(accounts: Accounts, { accountOid }: Grant): Account {
  const account = accounts.get(accountOid);
  if (!account) throw new B2cError('AADB2C90128');
  if (account.disabled) throw new B2cError('AADB2C90129');
  return account;
}
