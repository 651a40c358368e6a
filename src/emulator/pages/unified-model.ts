import type { IdentityProvider } from '../definition/identity-provider.ts';
import type { FormErrors } from '../journeys/form.ts';
import type { Journey } from '../journeys/journey.ts';
import { signInIdentifier } from '../journeys/sign-in.ts';
import { fill, type Language, labelText, messageText, type Texts } from './languages.ts';
import { linkUrl, type PageSession } from './page-links.ts';

/** The page of `unifiedssp`: the sign-in form, and the links to everything else. */
export interface UnifiedModel {
  template: 'unified';
  title: string;
  formLabel: string;
  /** B2C uses the label as the `name` of the input too. */
  identifier: {
    claim: string;
    type: 'email' | 'text';
    label: string;
    value: string;
    error: string | undefined;
    hint: string;
  };
  passwordError: string | undefined;
  showsKeepMeSignedIn: boolean;
  pageError: string | undefined;
  forgotPasswordHref: string;
  createAccountHref: string | undefined;
  providers: { id: string; name: string }[];
  /** The form of the identity provider buttons. */
  providerForm: { action: string; fields: [name: string, value: string][] };
}

const UNIFIED = 'api/CombinedSigninAndSignup/unified';

export function buildUnified(
  journey: Journey,
  {
    session,
    language: { texts },
    errors,
    identityProviders,
  }: {
    session: PageSession;
    language: Language;
    errors: FormErrors;
    identityProviders: readonly IdentityProvider[];
  },
): UnifiedModel {
  const { policy } = journey;
  const local =
    policy.signInName === 'email' ? texts.local_intro_email : texts.local_intro_username;
  const resetExchange = policy.custom ? 'ForgotPasswordExchange' : 'ForgotPassword';
  const passwordError = errors.items['password'];
  return {
    template: 'unified',
    title: texts.heading,
    formLabel: policy.custom ? texts.local_intro_generic : local,
    identifier: buildIdentifier(journey, errors, texts),
    passwordError: passwordError && messageText(texts, passwordError),
    showsKeepMeSignedIn: policy.session.keepMeSignedInDays > 0,
    pageError: errors.page && messageText(texts, errors.page.message),
    forgotPasswordHref:
      policy.forgotPassword === 'inline'
        ? linkUrl(session, UNIFIED, `claimsexchange=${resetExchange}`)
        : linkUrl(session, 'api/CombinedSigninAndSignup/forgotPassword'),
    createAccountHref:
      policy.kind === 'signUpOrSignIn' ? linkUrl(session, UNIFIED, 'local=signup') : undefined,
    providers: identityProviders.filter(({ id }) => policy.identityProviders.includes(id)),
    providerForm: buildProviderForm(session),
  };
}

function buildIdentifier(
  journey: Journey,
  errors: FormErrors,
  texts: Texts,
): UnifiedModel['identifier'] {
  const { claim, type, label: labelId } = signInIdentifier(journey);
  const label = labelText(texts, labelId);
  const error = errors.items[claim];
  return {
    ...{ claim, type, label },
    value: journey.values.get(claim) ?? '',
    error: error && messageText(texts, error),
    hint: fill(texts.invalid_generic, label),
  };
}

function buildProviderForm({ basePath, csrf, id, policyName }: PageSession) {
  const fields: [string, string][] = [
    ['csrf_token', csrf],
    ['tx', id],
    ['p', policyName],
  ];
  return { action: `${basePath}/${UNIFIED}`, fields };
}

/** The form with claims as field names: the page names its inputs by their labels, as B2C does. */
export function withClaimNames(
  form: URLSearchParams,
  journey: Journey,
  { texts }: Language,
): URLSearchParams {
  const named = new URLSearchParams(form);
  if (journey.step !== 'sign_in') return named;
  const { claim, label } = signInIdentifier(journey);
  rename(named, labelText(texts, label), claim);
  if (!form.has('Password') && !form.has('password')) rename(named, texts.password, 'password');
  return named;
}

function rename(form: URLSearchParams, from: string, to: string): void {
  const value = form.get(from);
  if (value === null || from === to) return;
  form.delete(from);
  form.set(to, value);
}
