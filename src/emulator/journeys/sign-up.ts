import { addAccount, findAccountByEmail } from '../accounts.ts';
import { writeAttribute } from '../profile-attributes.ts';
import type { Transaction } from '../transaction.ts';
import { attributeFields, PASSWORD_FIELDS } from './fields.ts';
import { type Field, serverRefusal } from './form.ts';
import type { Step, StepContext } from './step.ts';
import { validateFields } from './validate-fields.ts';

export const signUpStep: Step = {
  page: {
    kind: 'self-asserted',
    heading: 'User Details',
    intro: 'Please provide the following details.',
    continueLabel: 'Create',
    fields: signUpFields,
  },
  submit: submitSignUp,
};

function signUpFields({ request }: Transaction): Field[] {
  return [{ kind: 'email' }, ...PASSWORD_FIELDS, ...attributeFields(request.policy)];
}

function submitSignUp({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { verification, request } = transaction;
  const errors = validateFields(signUpFields(transaction), form, verification);
  if (errors) return errors;
  const { email } = verification;
  if (findAccountByEmail(tenant.accounts, email)) {
    return serverRefusal('A user with the specified ID already exists. Please choose another one.');
  }
  const password = form.get('newPassword') ?? '';
  const account = addAccount(tenant.accounts, { email, password });
  for (const id of request.policy.attributes) {
    writeAttribute(account, id, form.get(id)?.trim() ?? '');
  }
  return { kind: 'signed_in', accountOid: account.oid, claims: { newUser: true } };
}
