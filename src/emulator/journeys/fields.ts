import { type EmailField, type PasswordField, textField, type ValueField } from './form.ts';
import type { Journey } from './journey.ts';

export function emailField({ hintedClaims, step, policy }: Journey): EmailField {
  const isInvited = typeof hintedClaims['email'] === 'string' && step === 'sign_up';
  return {
    kind: 'email',
    claim: 'email',
    label: { id: 'email' },
    isFixed: isInvited || step === 'email_factor',
    isVerifiable: policy.page.emailVerification !== 'none' && !isInvited,
  };
}

export function passwordFields({ policy }: Journey): PasswordField[] {
  const { newPassword } = policy.page.ids;
  return [
    { kind: 'password', claim: 'newPassword', id: newPassword, label: { id: 'newPassword' } },
    {
      kind: 'password',
      claim: 'reenterPassword',
      id: 'reenterPassword',
      label: { id: 'reenterPassword' },
    },
  ];
}

/** Only for policies that sign in by user name. */
export function userNameField({ policy }: Journey): ValueField[] {
  if (policy.signInName === 'email') return [];
  return [textField(policy.page.ids.identifier, { id: 'username' })];
}

export function attributeFields({ policy }: Journey): ValueField[] {
  return policy.attributes.map(({ id, label, required, input, values }) => ({
    kind: 'value',
    claim: id,
    label: label === undefined ? { id } : { text: label },
    required,
    input,
    values,
  }));
}
