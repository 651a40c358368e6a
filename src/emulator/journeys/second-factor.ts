import type { Transaction } from '../protocol/transaction.ts';
import { emailField } from './fields.ts';
import { passSecondFactor } from './first-factor.ts';
import { type Field, serverRefusal, typedValue } from './form.ts';
import type { Step, StepContext } from './step.ts';
import { createTotpSecret, isTotp } from './totp.ts';
import { validateFields } from './validate-fields.ts';

/** A code by SMS, which lands in the mailbox. The number is asked for the first time. */
export const phoneFactorStep: Step = {
  page: () => ({ kind: 'phonefactor' }),
  submit: submitPhoneCode,
};

/** A code to the address of the account. */
export const emailFactorStep: Step = {
  page: () => ({
    kind: 'self-asserted',
    heading: 'phone_heading',
    intro: 'email_factor_intro',
    continueLabel: 'button_continue',
    fields: emailFactorFields,
  }),
  submit: ({ transaction, form }) =>
    validateFields(emailFactorFields(transaction), form, transaction) ??
    passSecondFactor(transaction),
};

/** A code of an authenticator app. The first time the page shows the key for the app. */
export const totpFactorStep: Step = {
  page: ({ totpSecret }) => ({
    kind: 'self-asserted',
    heading: 'phone_heading',
    intro: totpSecret ? 'totp_enrol_intro' : 'totp_intro',
    continueLabel: 'button_verify',
    fields: totpFields,
  }),
  submit: submitTotp,
};

// Always verified, whatever the policy does at sign-up.
const emailFactorFields = (transaction: Transaction): Field[] => [
  { ...emailField(transaction), isVerifiable: true },
];

function totpFields({ totpSecret, request, values, language }: Transaction): Field[] {
  const label = language.texts.otpCode;
  const notes: Field[] = totpSecret
    ? [
        {
          kind: 'note',
          claim: 'totpQrCodeControl',
          className: 'QrCodeControl',
          text: `otpauth://totp/${request.policy.name}:${values.get('email') ?? ''}?secret=${totpSecret}`,
        },
        {
          kind: 'note',
          claim: 'authenticatorInfoControl',
          className: 'Paragraph',
          text: totpSecret,
        },
      ]
    : [];
  return [
    ...notes,
    {
      kind: 'value',
      claim: 'otpCode',
      label,
      required: true,
      input: 'text',
      values: [],
      autocomplete: 'one-time-code',
    },
  ];
}

/** The key to add to an app, for somebody who has none yet. */
export function prepareTotp(transaction: Transaction, knownSecret: string | undefined): void {
  if (!knownSecret) transaction.totpSecret = createTotpSecret();
}

function submitPhoneCode({ tenant, transaction }: StepContext): ReturnType<Step['submit']> {
  const { verification, language, accountOid = '' } = transaction;
  const account = tenant.accounts.get(accountOid);
  if (verification.state !== 'verified' || !account) {
    return serverRefusal(language.texts.error_incorrect_code);
  }
  account.phoneNumber = verification.address;
  return passSecondFactor(transaction);
}

function submitTotp({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const errors = validateFields(totpFields(transaction), form, transaction);
  if (errors) return errors;
  const account = tenant.accounts.get(transaction.accountOid ?? '');
  const secret = account?.totpSecret ?? transaction.totpSecret;
  if (!account || !secret || !isTotp(secret, typedValue(form, 'otpCode'), tenant.now())) {
    return serverRefusal(transaction.language.texts.error_incorrect_code);
  }
  account.totpSecret = secret;
  return passSecondFactor(transaction);
}
