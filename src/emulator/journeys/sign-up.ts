import type { Transaction } from '../protocol/transaction.ts';
import { addAccount, findLocalAccount } from '../tenant/accounts.ts';
import { writeAttribute } from '../tenant/profile-attributes.ts';
import { attributeFields, emailField, passwordFields, userNameField } from './fields.ts';
import { passFirstFactor } from './first-factor.ts';
import { type Field, serverRefusal } from './form.ts';
import type { Step, StepContext } from './step.ts';
import { readFields, validateFields } from './validate-fields.ts';

/** A new local account. */
export const signUpStep: Step = {
  page: () => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'sign_up_intro',
    continueLabel: 'button_create',
    fields: signUpFields,
  }),
  submit: submitSignUp,
};

/** The account of somebody whom a provider knows: no password, and the address is prefilled. */
export const socialSignUpStep: Step = {
  page: () => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'sign_up_intro',
    continueLabel: 'button_continue',
    fields: socialFields,
  }),
  submit: submitSocialSignUp,
};

function signUpFields(transaction: Transaction): Field[] {
  return [
    ...userNameField(transaction),
    emailField(transaction),
    ...passwordFields(transaction),
    ...attributeFields(transaction),
  ];
}

function socialFields(transaction: Transaction): Field[] {
  return [{ ...emailField(transaction), isVerifiable: false }, ...attributeFields(transaction)];
}

function submitSignUp({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const fields = signUpFields(transaction);
  const errors = validateFields(fields, form, transaction);
  if (errors) return errors;
  const typed = readFields(fields, form, transaction);
  const { policy } = transaction.request;
  const { email = '', newPassword: password = '' } = typed;
  const userName = typed[policy.page.ids.identifier];
  const hasUserName = policy.signInName === 'userName' && userName !== undefined;
  if (findLocalAccount(tenant.accounts, hasUserName ? userName : email)) {
    return serverRefusal(transaction.language.texts.UserMessageIfClaimsPrincipalAlreadyExists);
  }
  const names = hasUserName ? { userName } : {};
  const account = addAccount(tenant.accounts, { email, password, ...names });
  for (const attribute of policy.attributes) {
    writeAttribute(account, attribute, typed[attribute.id] ?? '');
  }
  return passFirstFactor(transaction, account, { newUser: true });
}

function submitSocialSignUp({
  tenant,
  transaction,
  form,
}: StepContext): ReturnType<Step['submit']> {
  const { federatedIdentity, request, language } = transaction;
  const fields = socialFields(transaction);
  const errors = validateFields(fields, form, transaction);
  if (errors) return errors;
  if (!federatedIdentity) return serverRefusal(language.texts.UserMessageIfClaimsPrincipalNotFound);
  const typed = readFields(fields, form, transaction);
  const account = addAccount(tenant.accounts, {
    email: typed['email'] ?? federatedIdentity.email,
    identityProvider: federatedIdentity.issuer,
    federatedName: federatedIdentity.email,
  });
  for (const attribute of request.policy.attributes) {
    writeAttribute(account, attribute, typed[attribute.id] ?? '');
  }
  return passFirstFactor(transaction, account, { newUser: true });
}
