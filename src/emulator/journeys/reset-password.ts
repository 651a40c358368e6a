import { changePassword, findLocalAccount } from '../state/accounts.ts';
import { signedIn } from './factors.ts';
import { emailField, passwordFields, userNameField } from './fields.ts';
import { type Field, serverError } from './form.ts';
import type { Journey } from './journey.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { validateFields } from './validate-fields.ts';

/** First page: verifies the email address of the account. */
export const resetEmailStep: Step = {
  page: (journey) => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'reset_email_intro',
    continueLabel: 'button_continue',
    fields: accountFields(journey),
  }),
  submit: submitEmail,
};

/** Second page: the new password. */
export const resetPasswordStep: Step = {
  page: (journey) => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'reset_password_intro',
    continueLabel: 'button_continue',
    fields: passwordFields(journey),
  }),
  submit: submitPassword,
};

const accountFields = (journey: Journey): Field[] => [
  ...userNameField(journey),
  emailField(journey),
];

function submitEmail({ journey, directory, form }: StepContext): StepResult {
  const result = validateFields(accountFields(journey), form, journey);
  if ('errors' in result) return result.errors;
  const { email = '', ...values } = result.values;
  const signInName = values[journey.policy.page.ids.identifier] ?? email;
  const account = findLocalAccount(directory.accounts, signInName);
  // With user names, the verified address has to be the address of the account.
  if (!account || account.email.toLowerCase() !== email.toLowerCase()) {
    return serverError('UserMessageIfClaimsPrincipalNotFound');
  }
  journey.accountOid = account.oid;
  return { kind: 'step', step: 'reset_password' };
}

function submitPassword({ journey, directory, form }: StepContext): StepResult {
  const result = validateFields(passwordFields(journey), form, journey);
  if ('errors' in result) return result.errors;
  const account = directory.accounts.get(journey.accountOid ?? '');
  if (!account) return serverError('UserMessageIfClaimsPrincipalNotFound');
  changePassword(account, result.values['newPassword'] ?? '', directory.now);
  const isInline = journey.policy.kind !== 'resetPassword';
  return signedIn({ ...journey, claims: isInline ? { isForgotPassword: true } : {} });
}
