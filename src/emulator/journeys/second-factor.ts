import { isTotp } from '../tokens/totp.ts';
import { passSecondFactor } from './factors.ts';
import { fieldStep } from './field-step.ts';
import { emailField } from './fields.ts';
import { type Field, serverError, textField } from './form.ts';
import type { Journey } from './journey.ts';
import type { Step } from './step.ts';

/** A code by SMS, sent to the mailbox. The first time, the user enters the phone number. */
export const phoneFactorStep: Step = {
  page: () => ({ kind: 'phonefactor' }),
  submit({ journey, directory }) {
    const account = directory.accounts.get(journey.accountOid ?? '');
    if (journey.verification.state !== 'verified' || !account) {
      return serverError('error_incorrect_code');
    }
    account.phoneNumber = journey.verification.address;
    return passSecondFactor(journey);
  },
};

/** A code to the email address of the account. */
export const emailFactorStep = fieldStep({
  heading: 'phone_heading',
  intro: 'email_factor_intro',
  continueLabel: 'button_continue',
  // Always verified, even if the policy does not verify the address at sign-up.
  fields: (journey) => [{ ...emailField(journey), isVerifiable: true }],
  accept: ({ journey }) => passSecondFactor(journey),
});

/** A code from an authenticator app. The first time, the page shows the key for the app. */
export const totpFactorStep = fieldStep({
  heading: 'phone_heading',
  intro: ({ totpSecret }) => (totpSecret ? 'totp_enrol_intro' : 'totp_intro'),
  continueLabel: 'button_verify',
  fields: (journey) => [
    ...enrollmentNotes(journey),
    { ...textField('otpCode', { id: 'otpCode' }), autocomplete: 'one-time-code' },
  ],
  accept({ journey, directory }, { otpCode = '' }) {
    const account = directory.accounts.get(journey.accountOid ?? '');
    const secret = account?.totpSecret ?? journey.totpSecret;
    if (!account || !secret || !isTotp(secret, otpCode, directory.now)) {
      return serverError('error_incorrect_code');
    }
    account.totpSecret = secret;
    return passSecondFactor(journey);
  },
});

function enrollmentNotes({ totpSecret, policy, values }: Journey): Field[] {
  if (!totpSecret) return [];
  const account = `${policy.name}:${values.get('email') ?? ''}`;
  return [
    {
      kind: 'note',
      claim: 'totpQrCodeControl',
      className: 'QrCodeControl',
      text: `otpauth://totp/${account}?secret=${totpSecret}`,
    },
    { kind: 'note', claim: 'authenticatorInfoControl', className: 'Paragraph', text: totpSecret },
  ];
}
