import type { TextId } from '../pages/languages/en.ts';
import { fill } from '../pages/languages/language.ts';
import type { Transaction } from '../protocol/transaction.ts';
import { findLocalAccount } from '../tenant/accounts.ts';
import { passFirstFactor } from './first-factor.ts';
import { type Field, type FormErrors, serverRefusal } from './form.ts';
import { type PasswordVerdict, tryPassword } from './password-attempt.ts';
import type { Step, StepContext } from './step.ts';

/** The input that takes the sign-in name. */
export interface Identifier {
  claim: string;
  type: 'email' | 'text';
  /** Also the `name` of the input: B2C uses the display name there. */
  label: string;
}

export function identifierOf({ request, language }: Transaction): Identifier {
  const { custom, signInName, page } = request.policy;
  const text: TextId = custom ? 'signInName' : signInName === 'email' ? 'email' : 'username';
  const isEmail = page.ids.identifier === 'email';
  return {
    claim: page.ids.identifier,
    type: isEmail ? 'email' : 'text',
    label: language.texts[text],
  };
}

export const signInStep: Step = {
  page: ({ request }) =>
    request.policy.page.signIn === 'unified'
      ? { kind: 'unified' }
      : {
          kind: 'self-asserted',
          heading: 'heading',
          intro: 'local_intro_generic',
          continueLabel: 'button_continue',
          fields: signInFields,
        },
  submit: submitSignIn,
};

function signInFields(transaction: Transaction): Field[] {
  const { claim, label } = identifierOf(transaction);
  return [
    { kind: 'value', claim, label, required: true, input: 'text', values: [] },
    {
      kind: 'password',
      claim: 'password',
      id: 'password',
      label: transaction.language.texts.password,
    },
  ];
}

function submitSignIn({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { texts } = transaction.language;
  const identifier = identifierOf(transaction);
  const signInName = typedIdentifier(form, identifier);
  transaction.values.set(identifier.claim, signInName);
  const password = form.get('Password') ?? form.get('password') ?? form.get(texts.password) ?? '';
  const items: FormErrors['items'] = {};
  if (signInName === '') {
    items[identifier.claim] = fill(texts.requiredField_generic, identifier.label);
  }
  if (password === '') items['password'] = texts.requiredField_password;
  if (Object.keys(items).length > 0) return { items };
  const account = findLocalAccount(tenant.accounts, signInName);
  if (!account) {
    return serverRefusal(texts.UserMessageIfClaimsPrincipalDoesNotExist, 'AADB2C90053');
  }
  const verdict = tryPassword(tenant, account, password);
  if (verdict !== 'right') {
    const [text, code] = REFUSALS[verdict];
    return serverRefusal(texts[text], code);
  }
  transaction.keepSignedIn = form.get('rememberMe') === 'true';
  return passFirstFactor(transaction, account);
}

const REFUSALS: Record<Exclude<PasswordVerdict, 'right'>, [TextId, string | undefined]> = {
  wrong: ['UserMessageIfInvalidPassword', 'AADB2C90054'],
  locked: ['UserMessageIfUserAccountLocked', 'AADB2C90114'],
  disabled: ['UserMessageIfUserAccountDisabled', undefined],
};

// Scripts that post by themselves name the field by claim id or by an older one.
function typedIdentifier(form: URLSearchParams, { label, claim }: Identifier): string {
  for (const name of [label, claim, 'email', 'signInName', 'logonIdentifier', 'UserId']) {
    const value = form.get(name);
    if (value !== null) return value.trim();
  }
  return '';
}
