import type { Behavior } from '../definition/behavior.ts';
import type { Account } from './accounts.ts';

export type PasswordResult = 'right' | 'wrong' | 'locked' | 'disabled';

/** Too many wrong passwords lock the account for a time, for the right password too. */
export function tryPassword(
  account: Account,
  password: string,
  { lockout: { failures, seconds }, now }: Pick<Behavior, 'lockout'> & { now: number },
): PasswordResult {
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
