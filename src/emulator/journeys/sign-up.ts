import { addAccount, findLocalAccount, writeAttributes } from '../state/accounts.ts';
import { passFirstFactor } from './factors.ts';
import { fieldStep } from './field-step.ts';
import { attributeFields, emailField, passwordFields, userNameField } from './fields.ts';
import { serverError } from './form.ts';

/** A new local account. */
export const signUpStep = fieldStep({
  intro: 'sign_up_intro',
  continueLabel: 'button_create',
  fields: (journey) => [
    ...userNameField(journey),
    emailField(journey),
    ...passwordFields(journey),
    ...attributeFields(journey),
  ],
  accept({ journey, directory: { accounts } }, values) {
    const { policy } = journey;
    const { email = '', newPassword: password = '' } = values;
    const userName = values[policy.page.ids.identifier];
    const hasUserName = policy.signInName === 'userName' && userName !== undefined;
    if (findLocalAccount(accounts, hasUserName ? userName : email)) {
      return serverError('UserMessageIfClaimsPrincipalAlreadyExists');
    }
    const account = addAccount(accounts, { email, password, ...(hasUserName ? { userName } : {}) });
    writeAttributes(account, policy.attributes, values);
    return passFirstFactor(journey, account, { newUser: true });
  },
});

/** A new account for an identity provider's user: no password, and the email address is filled in. */
export const socialSignUpStep = fieldStep({
  intro: 'sign_up_intro',
  continueLabel: 'button_continue',
  fields: (journey) => [
    { ...emailField(journey), isVerifiable: false },
    ...attributeFields(journey),
  ],
  accept({ journey, directory }, values) {
    const { federatedIdentity, policy } = journey;
    if (!federatedIdentity) return serverError('UserMessageIfClaimsPrincipalNotFound');
    const account = addAccount(directory.accounts, {
      email: values['email'] ?? federatedIdentity.email,
      identityProvider: federatedIdentity.issuer,
      federatedName: federatedIdentity.email,
    });
    writeAttributes(account, policy.attributes, values);
    return passFirstFactor(journey, account, { newUser: true });
  },
});
