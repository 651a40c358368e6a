import { addAccount, findLocalAccount, writeAttributes } from '../state/accounts.ts';
import { passFirstFactor } from './factors.ts';
import { attributeFields, emailField, passwordFields, userNameField } from './fields.ts';
import { type Field, serverError } from './form.ts';
import type { Journey } from './journey.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { validateFields } from './validate-fields.ts';

/** A new local account. */
export const signUpStep: Step = {
  page: (journey) => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'sign_up_intro',
    continueLabel: 'button_create',
    fields: signUpFields(journey),
  }),
  submit: submitSignUp,
};

/** A new account for an identity provider's user: no password, and the email address is filled in. */
export const socialSignUpStep: Step = {
  page: (journey) => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'sign_up_intro',
    continueLabel: 'button_continue',
    fields: socialFields(journey),
  }),
  submit: submitSocialSignUp,
};

const signUpFields = (journey: Journey): Field[] => [
  ...userNameField(journey),
  emailField(journey),
  ...passwordFields(journey),
  ...attributeFields(journey),
];

const socialFields = (journey: Journey): Field[] => [
  { ...emailField(journey), isVerifiable: false },
  ...attributeFields(journey),
];

function submitSignUp({ journey, directory, form }: StepContext): StepResult {
  const { policy } = journey;
  const { accounts } = directory;
  const result = validateFields(signUpFields(journey), form, journey);
  if ('errors' in result) return result.errors;
  const { email = '', newPassword: password = '' } = result.values;
  const userName = result.values[policy.page.ids.identifier];
  const hasUserName = policy.signInName === 'userName' && userName !== undefined;
  if (findLocalAccount(accounts, hasUserName ? userName : email)) {
    return serverError('UserMessageIfClaimsPrincipalAlreadyExists');
  }
  const account = addAccount(accounts, { email, password, ...(hasUserName ? { userName } : {}) });
  writeAttributes(account, policy.attributes, result.values);
  return passFirstFactor(journey, account, { newUser: true });
}

function submitSocialSignUp({ journey, directory, form }: StepContext): StepResult {
  const { federatedIdentity, policy } = journey;
  const result = validateFields(socialFields(journey), form, journey);
  if ('errors' in result) return result.errors;
  if (!federatedIdentity) return serverError('UserMessageIfClaimsPrincipalNotFound');
  const account = addAccount(directory.accounts, {
    email: result.values['email'] ?? federatedIdentity.email,
    identityProvider: federatedIdentity.issuer,
    federatedName: federatedIdentity.email,
  });
  writeAttributes(account, policy.attributes, result.values);
  return passFirstFactor(journey, account, { newUser: true });
}
