/** What the templates of the journey's pages are given: ids, names and states as B2C's pages have them. */
import type { VerificationMessage } from './email-verification.ts';
import type { Field, FormErrors, PageErrorId } from './journeys/form.ts';
import { type Identifier, identifierOf } from './journeys/sign-in.ts';
import type { SelfAssertedPage, UnifiedPage } from './journeys/step.ts';
import { formAddress, linkAddress, type Transaction } from './transaction.ts';

export type PageModel = UnifiedModel | SelfAssertedModel;

interface CommonModel {
  title: string;
  policyName: string;
  formAction: string;
  csrf: string;
}

export interface UnifiedModel extends CommonModel {
  template: 'unified';
  formLabel: string;
  identifier: Identifier & { value: string; error: string | undefined };
  passwordError: string | undefined;
  pageError: string | undefined;
  forgotPasswordHref: string;
  createAccountHref: string | undefined;
}

export interface SelfAssertedModel extends CommonModel {
  template: 'self-asserted';
  heading: string;
  intro: string;
  continueLabel: string;
  continueBlocked: boolean;
  pageErrors: { id: PageErrorId; text: string | undefined }[];
  fields: FieldModel[];
  email: EmailModel;
}

export type FieldModel = Field & {
  value: string;
  error: string | undefined;
  disabled: boolean;
  autofocus: boolean;
};

/** The e-mail field with its verification. */
export interface EmailModel {
  /** User flows have a display control, custom policies of the starter pack the built-in one. */
  style: 'control' | 'built-in';
  value: string;
  state: 'start' | 'code_sent' | 'verified';
  message: VerificationMessage | undefined;
}

export function buildPage(
  page: UnifiedPage | SelfAssertedPage,
  transaction: Transaction,
  errors: FormErrors,
): PageModel {
  return page.kind === 'unified'
    ? buildUnified(transaction, errors)
    : buildSelfAsserted(page, transaction, errors);
}

function buildUnified(transaction: Transaction, errors: FormErrors): UnifiedModel {
  const { policy } = transaction.request;
  const identifier = identifierOf(policy);
  const resetsInside = policy.forgotPassword === 'resetsInside';
  const api = 'api/CombinedSigninAndSignup';
  return {
    template: 'unified',
    title: 'Sign in',
    ...commonModel(transaction),
    formLabel: policy.custom
      ? 'Sign in with your existing account'
      : 'Sign in with your email address',
    identifier: {
      ...identifier,
      value: transaction.values.get(identifier.claim) ?? '',
      error: errors.items[identifier.claim],
    },
    passwordError: errors.items['password'],
    pageError: errors.page?.text,
    forgotPasswordHref: resetsInside
      ? linkAddress(transaction, `${api}/unified`, 'claimsexchange=ForgotPassword')
      : linkAddress(transaction, `${api}/forgotPassword`),
    createAccountHref:
      policy.kind === 'signUpOrSignIn'
        ? linkAddress(transaction, `${api}/unified`, 'local=signup')
        : undefined,
  };
}

function buildSelfAsserted(
  page: SelfAssertedPage,
  transaction: Transaction,
  errors: FormErrors,
): SelfAssertedModel {
  const { verification, values, request } = transaction;
  const { custom } = request.policy;
  const fields = page.fields(transaction);
  const hasEmail = fields.some((field) => field.kind === 'email');
  // Only pages with the display control lock the rest until the address is verified.
  const isLocked = hasEmail && !custom && verification.state !== 'verified';
  return {
    template: 'self-asserted',
    title: page.heading,
    ...commonModel(transaction),
    heading: page.heading,
    intro: page.intro,
    continueLabel: page.continueLabel,
    continueBlocked: isLocked,
    pageErrors: pageErrors(fields, errors),
    fields: fields.map((field, index) => {
      const claim = field.kind === 'email' ? 'email' : field.claim;
      const isSecret = field.kind === 'password';
      return {
        ...field,
        value: isSecret ? '' : (values.get(claim) ?? ''),
        error: errors.items[claim],
        disabled: isLocked && field.kind !== 'email',
        autofocus: index === 0,
      };
    }),
    email: {
      style: custom ? 'built-in' : 'control',
      value: values.get('email') ?? verification.email,
      state: verification.state,
      message: verification.message,
    },
  };
}

function commonModel(transaction: Transaction): Omit<CommonModel, 'title'> {
  return {
    policyName: transaction.request.policy.name,
    formAction: formAddress(transaction),
    csrf: transaction.csrf,
  };
}

// Always in the page, and hidden as long as they have nothing to say.
function pageErrors(
  fields: readonly Field[],
  { page }: FormErrors,
): SelfAssertedModel['pageErrors'] {
  const hasPassword = fields.some((field) => field.kind === 'password');
  const ids: PageErrorId[] = [
    ...(hasPassword ? (['passwordEntryMismatch'] as const) : []),
    'requiredFieldMissing',
    'fieldIncorrect',
    'claimVerificationServerError',
  ];
  return ids.map((id) => ({ id, text: page?.id === id ? page.text : undefined }));
}
