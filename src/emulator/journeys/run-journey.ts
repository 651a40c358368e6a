/** From step to step: starts a journey, shows its page, and takes its form. */
import type { Policy } from '../definition/policy.ts';
import { type Accounts, readAttribute } from '../state/accounts.ts';
import type { Claims } from '../tokens/jwt.ts';
import { createTotpSecret } from '../tokens/totp.ts';
import { createJourney, type Directory, type Journey, type StepName } from './journey.ts';
import { runVerification } from './run-verification.ts';
import { signInIdentifier } from './sign-in.ts';
import type { StepPage, StepResult } from './step.ts';
import { FIRST_STEPS, STEPS } from './steps.ts';
import { createVerification } from './verification.ts';

export interface JourneyInput {
  policy: Policy;
  /** Object ID of the account that is signed in through SSO. */
  accountOid: string | undefined;
  loginHint: string | undefined;
  hintedClaims: Claims;
}

export function startJourney(
  { policy, accountOid, loginHint = '', hintedClaims }: JourneyInput,
  accounts: Accounts,
): Journey {
  const isSignedIn = policy.kind === 'editProfile' && accountOid !== undefined;
  const step = isSignedIn ? 'edit_profile' : FIRST_STEPS[policy.kind];
  const journey = createJourney(policy, { step, hintedClaims });
  journey.values.set(signInIdentifier(journey).claim, loginHint);
  if (isSignedIn) journey.accountOid = accountOid;
  fillFields(journey, accounts);
  return journey;
}

export function goToStep(journey: Journey, step: StepName, accounts: Accounts): void {
  journey.step = step;
  journey.verification = createVerification();
  fillFields(journey, accounts);
}

export const currentPage = (journey: Journey): StepPage => STEPS[journey.step].page(journey);

export function submitForm(
  journey: Journey,
  directory: Directory,
  form: URLSearchParams,
): StepResult {
  // The phone page has one button for both "this is the code" and "continue".
  if (journey.step === 'phone_factor') {
    runVerification(journey, directory, { action: 'verify_code', form });
  }
  return STEPS[journey.step].submit({ journey, directory, form });
}

/** Fills in the known values before a page is shown for the first time. */
function fillFields(journey: Journey, accounts: Accounts): void {
  const { policy, step, values, hintedClaims, federatedIdentity } = journey;
  const { email } = policy.page.ids;
  const account = accounts.get(journey.accountOid ?? '');
  for (const [name, value] of Object.entries(hintedClaims)) {
    if (step === 'sign_up') values.set(name === 'email' ? email : name, String(value));
  }
  if (step === 'social_sign_up') values.set(email, federatedIdentity?.email ?? '');
  if (!account) return;
  if (step === 'edit_profile') {
    for (const attribute of policy.attributes) {
      values.set(attribute.id, readAttribute(account, attribute));
    }
  }
  if (step === 'email_factor' || step === 'totp_factor') values.set(email, account.email);
  // An account without an authenticator app adds one.
  if (step === 'totp_factor' && !account.totpSecret) journey.totpSecret = createTotpSecret();
  if (step === 'phone_factor') values.set('known_number', account.phoneNumber ?? '');
}
