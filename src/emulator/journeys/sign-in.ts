import { findAccountByEmail } from '../accounts.ts';
import type { Policy } from '../tenant.ts';
import { type FormErrors, serverRefusal } from './form.ts';
import type { Step, StepContext } from './step.ts';

/** The input that takes the sign-in name. */
export interface Identifier {
  claim: string;
  type: 'email' | 'text';
  /** Also the `name` of the input: B2C uses the display name there. */
  label: string;
}

export function identifierOf(policy: Policy): Identifier {
  return policy.custom
    ? { claim: 'signInName', type: 'text', label: 'Sign in name' }
    : { claim: 'email', type: 'email', label: 'Email Address' };
}

export const signInStep: Step = { page: { kind: 'unified' }, submit: submitSignIn };

function submitSignIn({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { policy } = transaction.request;
  const identifier = identifierOf(policy);
  const email = typedIdentifier(form, identifier);
  transaction.values.set(identifier.claim, email);
  const password = form.get('Password') ?? form.get('password') ?? '';
  const items: FormErrors['items'] = {};
  if (email === '') items[identifier.claim] = `Please enter your ${identifier.label}`;
  if (password === '') items['password'] = 'Please enter your password';
  if (Object.keys(items).length > 0) return { items };
  const account = findAccountByEmail(tenant.accounts, email);
  if (!account) return serverRefusal("We can't seem to find your account");
  if (account.password !== password) return serverRefusal('Your password is incorrect');
  if (policy.kind === 'editProfile') {
    transaction.accountOid = account.oid;
    return { kind: 'step', step: 'edit_profile' };
  }
  return { kind: 'signed_in', accountOid: account.oid, claims: {} };
}

// Scripts that post by themselves name the field by claim id or by an older one.
function typedIdentifier(form: URLSearchParams, { label, claim }: Identifier): string {
  for (const name of [label, claim, 'email', 'signInName', 'logonIdentifier', 'UserId']) {
    const value = form.get(name);
    if (value !== null) return value.trim();
  }
  return '';
}
