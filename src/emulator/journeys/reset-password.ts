import { changePassword, findLocalAccount } from '../state/accounts.ts';
import { signedIn } from './factors.ts';
import { fieldStep } from './field-step.ts';
import { emailField, passwordFields, userNameField } from './fields.ts';
import { serverError } from './form.ts';

/** First page: verifies the email address of the account. */
export const resetEmailStep = fieldStep({
  intro: 'reset_email_intro',
  continueLabel: 'button_continue',
  fields: (journey) => [...userNameField(journey), emailField(journey)],
  accept({ journey, directory }, { email = '', ...values }) {
    const signInName = values[journey.policy.page.ids.identifier] ?? email;
    const account = findLocalAccount(directory.accounts, signInName);
    // With user names, the verified address has to be the address of the account.
    if (!account || account.email.toLowerCase() !== email.toLowerCase()) {
      return serverError('UserMessageIfClaimsPrincipalNotFound');
    }
    journey.accountOid = account.oid;
    return { kind: 'step', step: 'reset_password' };
  },
});

/** Second page: the new password. */
export const resetPasswordStep = fieldStep({
  intro: 'reset_password_intro',
  continueLabel: 'button_continue',
  fields: passwordFields,
  accept({ journey, directory }, { newPassword = '' }) {
    const account = directory.accounts.get(journey.accountOid ?? '');
    if (!account) return serverError('UserMessageIfClaimsPrincipalNotFound');
    changePassword(account, newPassword, directory.now);
    const isInline = journey.policy.kind !== 'resetPassword';
    return signedIn({ ...journey, claims: isInline ? { isForgotPassword: true } : {} });
  },
});
