import { changePassword, findAccountByEmail } from '../accounts.ts';
import { PASSWORD_FIELDS } from './fields.ts';
import { type Field, serverRefusal } from './form.ts';
import type { Step, StepContext } from './step.ts';
import { validateFields } from './validate-fields.ts';

const EMAIL_FIELDS: Field[] = [{ kind: 'email' }];

/** First page: whose password, proved with a mailed code. */
export const resetEmailStep: Step = {
  page: {
    kind: 'self-asserted',
    heading: 'User Details',
    intro: 'Please verify your email address to reset your password.',
    continueLabel: 'Continue',
    fields: () => EMAIL_FIELDS,
  },
  submit: submitEmail,
};

/** Second page: the new password. */
export const resetPasswordStep: Step = {
  page: {
    kind: 'self-asserted',
    heading: 'User Details',
    intro: 'Please choose a new password.',
    continueLabel: 'Continue',
    fields: () => PASSWORD_FIELDS,
  },
  submit: submitPassword,
};

function submitEmail({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { verification } = transaction;
  const errors = validateFields(EMAIL_FIELDS, form, verification);
  if (errors) return errors;
  const account = findAccountByEmail(tenant.accounts, verification.email);
  if (!account) return serverRefusal('An account could not be found for the provided user ID.');
  transaction.accountOid = account.oid;
  return { kind: 'step', step: 'reset_password' };
}

function submitPassword({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { verification, accountOid = '', request } = transaction;
  const errors = validateFields(PASSWORD_FIELDS, form, verification);
  if (errors) return errors;
  const account = tenant.accounts.get(accountOid);
  if (!account) return serverRefusal('An account could not be found for the provided user ID.');
  changePassword(account, form.get('newPassword') ?? '', tenant.now());
  const isInside = request.policy.kind !== 'resetPassword';
  return { kind: 'signed_in', accountOid, claims: isInside ? { isForgotPassword: true } : {} };
}
