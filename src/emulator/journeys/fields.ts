import { labelOf } from '../pages/languages/language.ts';
import type { Transaction } from '../protocol/transaction.ts';
import type { EmailField, PasswordField, ValueField } from './form.ts';
import { isVerifyingEmail } from './verification.ts';

export function emailField({ request, step, language }: Transaction): EmailField {
  const isInvited = typeof request.hintedClaims['email'] === 'string' && step === 'sign_up';
  return {
    kind: 'email',
    claim: 'email',
    label: language.texts.email,
    isFixed: isInvited || step === 'email_factor',
    isVerifiable: isVerifyingEmail(request.policy.page) && !isInvited,
  };
}

export function passwordFields({ request, language: { texts } }: Transaction): PasswordField[] {
  const { newPassword } = request.policy.page.ids;
  return [
    { kind: 'password', claim: 'newPassword', id: newPassword, label: texts.newPassword },
    {
      kind: 'password',
      claim: 'reenterPassword',
      id: 'reenterPassword',
      label: texts.reenterPassword,
    },
  ];
}

/** Asked for by policies that sign in by user name. */
export function userNameField({ request, language: { texts } }: Transaction): ValueField[] {
  const { signInName, page } = request.policy;
  if (signInName === 'email') return [];
  const claim = page.ids.identifier;
  return [
    { kind: 'value', claim, label: texts.username, required: true, input: 'text', values: [] },
  ];
}

export function attributeFields({ request, language }: Transaction): ValueField[] {
  return request.policy.attributes.map(({ id, label, required, input, values }) => ({
    kind: 'value',
    claim: id,
    label: label ?? labelOf(language.texts, id),
    required,
    input,
    values,
  }));
}
