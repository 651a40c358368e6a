import type { Outcome, StepName, Transaction } from '../protocol/transaction.ts';
import type { Account } from '../tenant/accounts.ts';
import type { Policy } from '../tenant/policy.ts';
import type { Claims } from '../tokens/jwt.ts';

const FACTOR_STEPS: Record<Policy['secondFactor'], StepName | undefined> = {
  none: undefined,
  phone: 'phone_factor',
  email: 'email_factor',
  totp: 'totp_factor',
};

/** Password, provider or sign-up were fine: on to the second factor, if the policy has one. */
export function passFirstFactor(
  transaction: Transaction,
  account: Account,
  claims: Claims = {},
): Outcome {
  transaction.accountOid = account.oid;
  Object.assign(transaction.claims, claims);
  const step = FACTOR_STEPS[transaction.request.policy.secondFactor];
  return step ? { kind: 'step', step } : passSecondFactor(transaction);
}

/** The rest: the profile form, or the way back to the application. */
export function passSecondFactor(transaction: Transaction): Outcome {
  const { request, accountOid = '', claims } = transaction;
  return request.policy.kind === 'editProfile'
    ? { kind: 'step', step: 'edit_profile' }
    : { kind: 'signed_in', accountOid, claims };
}
