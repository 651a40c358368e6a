import { findLocalAccount } from '../state/accounts.ts';
import { type PasswordResult, tryPassword } from '../state/password-attempt.ts';
import { passFirstFactor } from './factors.ts';
import { type Field, type FormErrors, serverError, textField } from './form.ts';
import type { Journey } from './journey.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import type { TextId } from './text-ids.ts';

/** The input for the sign-in name. */
export interface Identifier {
  claim: string;
  type: 'email' | 'text';
  label: { id: TextId };
}

export function signInIdentifier({ policy }: Pick<Journey, 'policy'>): Identifier {
  const { custom, signInName, page } = policy;
  const id: TextId = custom ? 'signInName' : signInName === 'email' ? 'email' : 'username';
  const claim = page.ids.identifier;
  return { claim, type: claim === 'email' ? 'email' : 'text', label: { id } };
}

export const signInStep: Step = {
  page: (journey) =>
    journey.policy.page.signIn === 'unified'
      ? { kind: 'unified' }
      : {
          kind: 'self-asserted',
          heading: 'heading',
          intro: 'local_intro_generic',
          continueLabel: 'button_continue',
          fields: signInFields(journey),
        },
  submit: submitSignIn,
};

function signInFields(journey: Journey): Field[] {
  const { claim, label } = signInIdentifier(journey);
  return [
    textField(claim, label),
    { kind: 'password', claim: 'password', id: 'password', label: { id: 'password' } },
  ];
}

function submitSignIn({ journey, directory, form }: StepContext): StepResult {
  const { claim, label } = signInIdentifier(journey);
  const signInName = typedIdentifier(form, claim);
  journey.values.set(claim, signInName);
  const password = form.get('Password') ?? form.get('password') ?? '';
  const items: FormErrors['items'] = {};
  if (signInName === '') items[claim] = { id: 'requiredField_generic', values: [label] };
  if (password === '') items['password'] = { id: 'requiredField_password' };
  if (Object.keys(items).length > 0) return { items };
  const account = findLocalAccount(directory.accounts, signInName);
  if (!account) return serverError('UserMessageIfClaimsPrincipalDoesNotExist', 'AADB2C90053');
  const result = tryPassword(account, password, directory);
  if (result !== 'right') return serverError(...REJECTIONS[result]);
  journey.keepSignedIn = form.get('rememberMe') === 'true';
  return passFirstFactor(journey, account);
}

const REJECTIONS: Record<Exclude<PasswordResult, 'right'>, [text: TextId, code?: string]> = {
  wrong: ['UserMessageIfInvalidPassword', 'AADB2C90054'],
  locked: ['UserMessageIfUserAccountLocked', 'AADB2C90114'],
  disabled: ['UserMessageIfUserAccountDisabled'],
};

// Scripts that post the form themselves use one of several names.
function typedIdentifier(form: URLSearchParams, claim: string): string {
  for (const name of [claim, 'email', 'signInName', 'logonIdentifier', 'UserId']) {
    const value = form.get(name);
    if (value !== null) return value.trim();
  }
  return '';
}
