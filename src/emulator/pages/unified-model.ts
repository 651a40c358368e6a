import type { FormErrors } from '../journeys/form.ts';
import { type Identifier, identifierOf } from '../journeys/sign-in.ts';
import { linkAddress, type Transaction } from '../protocol/transaction.ts';
import type { TenantDefinition } from '../tenant/tenant.ts';
import { fill } from './languages/language.ts';

/** The page of `unifiedssp`: sign in, or go elsewhere. */
export interface UnifiedModel {
  template: 'unified';
  title: string;
  formLabel: string;
  identifier: Identifier & { value: string; error: string | undefined; hint: string };
  passwordError: string | undefined;
  offersToKeep: boolean;
  pageError: string | undefined;
  forgotPasswordHref: string;
  createAccountHref: string | undefined;
  providers: { id: string; name: string }[];
  /** The parameters of the form behind the providers' buttons. */
  providerForm: { action: string; fields: [name: string, value: string][] };
}

const UNIFIED = 'api/CombinedSigninAndSignup/unified';

export function buildUnified(
  transaction: Transaction,
  errors: FormErrors,
  { identityProviders }: TenantDefinition,
): UnifiedModel {
  const { policy } = transaction.request;
  const { texts } = transaction.language;
  const identifier = identifierOf(transaction);
  const local =
    policy.signInName === 'email' ? texts.local_intro_email : texts.local_intro_username;
  const resetsInside = policy.forgotPassword === 'resetsInside';
  const mayCreateAccount = policy.kind === 'signUpOrSignIn';
  const exchange = policy.custom ? 'ForgotPasswordExchange' : 'ForgotPassword';
  return {
    template: 'unified',
    title: texts.heading,
    formLabel: policy.custom ? texts.local_intro_generic : local,
    identifier: {
      ...identifier,
      value: transaction.values.get(identifier.claim) ?? '',
      error: errors.items[identifier.claim],
      hint: fill(texts.invalid_generic, identifier.label),
    },
    passwordError: errors.items['password'],
    offersToKeep: policy.session.keepMeSignedInDays > 0,
    pageError: errors.page?.text,
    forgotPasswordHref: resetsInside
      ? linkAddress(transaction, UNIFIED, `claimsexchange=${exchange}`)
      : linkAddress(transaction, 'api/CombinedSigninAndSignup/forgotPassword'),
    createAccountHref: mayCreateAccount
      ? linkAddress(transaction, UNIFIED, 'local=signup')
      : undefined,
    providers: identityProviders.filter(({ id }) => policy.identityProviders.includes(id)),
    providerForm: buildProviderForm(transaction),
  };
}

function buildProviderForm({ basePath, csrf, id, request }: Transaction) {
  const fields: [string, string][] = [
    ['csrf_token', csrf],
    ['tx', id],
    ['p', request.policy.name],
  ];
  return { action: `${basePath}/${UNIFIED}`, fields };
}
