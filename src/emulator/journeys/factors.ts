import type { Policy } from '../definition/policy.ts';
import type { Account } from '../state/accounts.ts';
import type { Claims } from '../tokens/jwt.ts';
import type { Journey, Outcome, StepName } from './journey.ts';

const FACTOR_STEPS: Record<Policy['secondFactor'], StepName | undefined> = {
  none: undefined,
  phone: 'phone_factor',
  email: 'email_factor',
  totp: 'totp_factor',
};

/** After the password, the identity provider or the sign-up: the second factor, if there is one. */
export function passFirstFactor(journey: Journey, account: Account, claims: Claims = {}): Outcome {
  journey.accountOid = account.oid;
  Object.assign(journey.claims, claims);
  const step = FACTOR_STEPS[journey.policy.secondFactor];
  return step ? { kind: 'step', step } : passSecondFactor(journey);
}

/** After all factors: the profile form, or the end of the journey. */
export function passSecondFactor(journey: Journey): Outcome {
  return journey.policy.kind === 'editProfile'
    ? { kind: 'step', step: 'edit_profile' }
    : signedIn(journey);
}

export const signedIn = ({ accountOid = '', claims, keepSignedIn }: Journey): Outcome => ({
  ...{ kind: 'signed_in', accountOid, claims, keep: keepSignedIn },
});
