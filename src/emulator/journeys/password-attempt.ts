import type { Account } from '../tenant/accounts.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';

export type PasswordVerdict = 'right' | 'wrong' | 'locked' | 'disabled';

/** Too many wrong passwords lock the account for a while, also for the right one. */
export function tryPassword(
  tenant: LocalTenant,
  account: Account,
  password: string,
): PasswordVerdict {
  const { failures, seconds } = tenant.definition.behaviour.lockout;
  const now = tenant.now();
  if (account.lockedUntil > now) return 'locked';
  if (account.password === '' || account.password !== password) {
    account.failedSignIns += 1;
    if (account.failedSignIns < failures) return 'wrong';
    account.failedSignIns = 0;
    account.lockedUntil = now + seconds * 1000;
    return 'locked';
  }
  account.failedSignIns = 0;
  return account.disabled ? 'disabled' : 'right';
}
