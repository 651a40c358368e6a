import type { Transaction } from '../protocol/transaction.ts';
import { changePassword, findLocalAccount } from '../tenant/accounts.ts';
import { emailField, passwordFields, userNameField } from './fields.ts';
import { type Field, serverRefusal } from './form.ts';
import type { Step, StepContext } from './step.ts';
import { readFields, validateFields } from './validate-fields.ts';

/** First page: whose password, proved with a mailed code. */
export const resetEmailStep: Step = {
  page: () => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'reset_email_intro',
    continueLabel: 'button_continue',
    fields: whoseFields,
  }),
  submit: submitEmail,
};

/** Second page: the new password. */
export const resetPasswordStep: Step = {
  page: () => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'reset_password_intro',
    continueLabel: 'button_continue',
    fields: passwordFields,
  }),
  submit: submitPassword,
};

const whoseFields = (transaction: Transaction): Field[] => [
  ...userNameField(transaction),
  emailField(transaction),
];

function submitEmail({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { request, language } = transaction;
  const fields = whoseFields(transaction);
  const errors = validateFields(fields, form, transaction);
  if (errors) return errors;
  const { email = '', ...typed } = readFields(fields, form, transaction);
  const signInName = typed[request.policy.page.ids.identifier] ?? email;
  const account = findLocalAccount(tenant.accounts, signInName);
  // With user names the address proves who somebody is, so it has to be the account's.
  if (!account || account.email.toLowerCase() !== email.toLowerCase()) {
    return serverRefusal(language.texts.UserMessageIfClaimsPrincipalNotFound);
  }
  transaction.accountOid = account.oid;
  return { kind: 'step', step: 'reset_password' };
}

function submitPassword({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { accountOid = '', request, language } = transaction;
  const fields = passwordFields(transaction);
  const errors = validateFields(fields, form, transaction);
  if (errors) return errors;
  const account = tenant.accounts.get(accountOid);
  if (!account) return serverRefusal(language.texts.UserMessageIfClaimsPrincipalNotFound);
  const { newPassword = '' } = readFields(fields, form, transaction);
  changePassword(account, newPassword, tenant.now());
  const isInside = request.policy.kind !== 'resetPassword';
  return { kind: 'signed_in', accountOid, claims: isInside ? { isForgotPassword: true } : {} };
}
