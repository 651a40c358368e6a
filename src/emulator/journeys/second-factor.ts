import { passSecondFactor } from './factors.ts';
import { emailField } from './fields.ts';
import { type Field, serverError, textField, typedValue } from './form.ts';
import type { Journey } from './journey.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { isTotp } from './totp.ts';
import { validateFields } from './validate-fields.ts';

/** A code by SMS, sent to the mailbox. The first time, the user enters the phone number. */
export const phoneFactorStep: Step = {
  page: () => ({ kind: 'phonefactor' }),
  submit: submitPhoneCode,
};

/** A code to the email address of the account. */
export const emailFactorStep: Step = {
  page: (journey) => ({
    kind: 'self-asserted',
    heading: 'phone_heading',
    intro: 'email_factor_intro',
    continueLabel: 'button_continue',
    fields: emailFactorFields(journey),
  }),
  submit: submitEmailCode,
};

/** A code from an authenticator app. The first time, the page shows the key for the app. */
export const totpFactorStep: Step = {
  page: (journey) => ({
    kind: 'self-asserted',
    heading: 'phone_heading',
    intro: journey.totpSecret ? 'totp_enrol_intro' : 'totp_intro',
    continueLabel: 'button_verify',
    fields: totpFields(journey),
  }),
  submit: submitTotp,
};

// Always verified, even if the policy does not verify the address at sign-up.
const emailFactorFields = (journey: Journey): Field[] => [
  { ...emailField(journey), isVerifiable: true },
];

const totpFields = (journey: Journey): Field[] => [
  ...enrollmentNotes(journey),
  { ...textField('otpCode', { id: 'otpCode' }), autocomplete: 'one-time-code' },
];

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

function submitPhoneCode({ journey, directory }: StepContext): StepResult {
  const account = directory.accounts.get(journey.accountOid ?? '');
  if (journey.verification.state !== 'verified' || !account) {
    return serverError('error_incorrect_code');
  }
  account.phoneNumber = journey.verification.address;
  return passSecondFactor(journey);
}

function submitEmailCode({ journey, form }: StepContext): StepResult {
  const result = validateFields(emailFactorFields(journey), form, journey);
  return 'errors' in result ? result.errors : passSecondFactor(journey);
}

function submitTotp({ journey, directory, form }: StepContext): StepResult {
  const result = validateFields(totpFields(journey), form, journey);
  if ('errors' in result) return result.errors;
  const account = directory.accounts.get(journey.accountOid ?? '');
  const secret = account?.totpSecret ?? journey.totpSecret;
  if (!account || !secret || !isTotp(secret, typedValue(form, 'otpCode'), directory.now)) {
    return serverError('error_incorrect_code');
  }
  account.totpSecret = secret;
  return passSecondFactor(journey);
}
