/** The page models of user flows, until the policy engine runs them. */
import type { IdentityProvider } from '../definition/identity-provider.ts';
import type { Field, FormErrors } from '../journeys/form.ts';
import type { Journey } from '../journeys/journey.ts';
import { currentPage } from '../journeys/run-journey.ts';
import { signInIdentifier } from '../journeys/sign-in.ts';
import type { SelfAssertedPage } from '../journeys/step.ts';
import type { TextId } from '../journeys/text-ids.ts';
import { VERIFICATION_TEXTS } from '../journeys/verification.ts';
import type { ControlModel } from './control-model.ts';
import type { FieldModel } from './field-model.ts';
import { fill, type Language, labelText, messageText, type Texts } from './languages.ts';
import { formUrl, linkUrl, type PageSession } from './page-links.ts';
import type { PageModel, SpecificModel } from './page-model.ts';
import { listCountries, type PhoneModel } from './phone-model.ts';
import { buildScriptSettings } from './script-settings.ts';
import type { PageErrorId, SelfAssertedModel } from './self-asserted-model.ts';
import { buildProviderForm, type UnifiedModel } from './unified-model.ts';
import { buildBuiltIn, outcomeTexts } from './verification-model.ts';

export interface JourneyPageContext {
  session: PageSession;
  language: Language;
  errors: FormErrors;
  nonce: string;
  identityProviders: readonly IdentityProvider[];
}

export function buildJourneyPage(journey: Journey, context: JourneyPageContext): PageModel {
  const { session, language, nonce } = context;
  const { page } = journey.policy;
  const specific = buildSpecific(journey, context);
  return {
    ...specific,
    policyName: session.policyName,
    formAction: formUrl(session),
    csrf: session.csrf,
    lang: language.tag,
    direction: language.direction,
    texts: language.texts,
    ...{ page, ids: page.ids, nonce },
    script: buildScriptSettings(specific, { session, language }),
  };
}

function buildSpecific(journey: Journey, context: JourneyPageContext): SpecificModel {
  const page = currentPage(journey);
  if (page.kind === 'unified') return buildUnified(journey, context);
  if (page.kind === 'phonefactor') return buildPhone(journey, context);
  return buildSelfAsserted(journey, page, context);
}

function buildUnified(
  journey: Journey,
  { session, language: { texts }, errors, identityProviders }: JourneyPageContext,
): UnifiedModel {
  const { policy } = journey;
  const isEmail = policy.signInName === 'email';
  const link = (query: string) => linkUrl(session, 'api/CombinedSigninAndSignup/unified', query);
  const reset = policy.custom ? 'ForgotPasswordExchange' : 'ForgotPassword';
  const { claim, type, label: labelId } = signInIdentifier(journey);
  const label = labelText(texts, labelId);
  const value = journey.values.get(claim) ?? '';
  const item = (id: string) => {
    const error = errors.items[id];
    return error && messageText(texts, error);
  };
  const hint = (of: string) => fill(texts.invalid_generic, of);
  return {
    template: 'unified',
    title: texts.heading,
    formLabel: policy.custom
      ? texts.local_intro_generic
      : isEmail
        ? texts.local_intro_email
        : texts.local_intro_username,
    fields: [
      {
        ...{ id: claim, type, label, value, error: item(claim) },
        ...{ hint: hint(label), autofocus: value === '' },
      },
      {
        ...{ id: 'password', type: 'password', label: texts.password, value: '' },
        ...{ error: item('password'), hint: hint(texts.password), autofocus: value !== '' },
      },
    ],
    showsKeepMeSignedIn: policy.session.keepMeSignedInDays > 0,
    operatingMode: isEmail ? 'Email' : 'Username',
    pageError: errors.page && messageText(texts, errors.page.message),
    forgotPassword: {
      href:
        policy.forgotPassword === 'inline'
          ? link(`claimsexchange=${reset}`)
          : linkUrl(session, 'api/CombinedSigninAndSignup/forgotPassword'),
      isAfterButtons: false,
    },
    createAccountHref: policy.kind === 'signUpOrSignIn' ? link('local=signup') : undefined,
    providers: identityProviders.filter(({ id }) => policy.identityProviders.includes(id)),
    providerForm: buildProviderForm(session),
  };
}

const INPUTS = {
  ...({ text: 'TextBox', dropdown: 'DropdownSingleSelect' } as const),
  ...({ radio: 'RadioSingleSelect', checkbox: 'CheckboxMultiSelect' } as const),
};

function buildSelfAsserted(
  journey: Journey,
  { fields, ...page }: SelfAssertedPage,
  { errors, language: { texts } }: JourneyPageContext,
): SelfAssertedModel {
  const { policy, verification } = journey;
  const { state } = verification;
  const isVerifying = fields.some((field) => field.kind === 'email' && field.isVerifiable);
  const isControl = isVerifying && policy.page.emailVerification === 'control';
  const isLocked = isControl && state !== 'verified';
  const isDone = ({ kind }: Field) => kind === 'note' || (kind === 'email' && state === 'verified');
  const focused =
    fields.find(({ claim }) => errors.items[claim]) ?? fields.find((field) => !isDone(field));
  return {
    template: 'self-asserted',
    title: texts[page.heading],
    heading: texts[page.heading],
    intro: texts[page.intro],
    continueLabel: texts[page.continueLabel],
    continueBlocked: isLocked,
    ...{ hasContinue: true, hasCancel: true, showsKeepMeSignedIn: false },
    pageErrors: buildPageErrors(fields, errors, texts),
    items: fields.map((field) => {
      if (field.kind === 'note') {
        return {
          ...{ kind: 'note', id: field.claim, className: field.className, lines: [field.text] },
        };
      }
      const isFocused = field === focused;
      const model = buildField(journey, field, { errors, texts, isLocked, isFocused });
      return field.kind === 'email' && field.isVerifiable && isControl
        ? buildControl(journey, model, texts)
        : model;
    }),
  };
}

function buildField(
  { values, policy, verification }: Journey,
  field: Exclude<Field, { kind: 'note' }>,
  {
    errors,
    texts,
    isLocked,
    isFocused,
  }: { errors: FormErrors; texts: Texts; isLocked: boolean; isFocused: boolean },
): FieldModel {
  const { emailVerification, ids } = policy.page;
  const isEmail = field.kind === 'email';
  const isPassword = field.kind === 'password';
  const isProven = isEmail && field.isVerifiable;
  const item = errors.items[field.claim];
  const email = values.get(ids.email) ?? values.get('email') ?? verification.address;
  const isSent = verification.state === 'code_sent';
  const withBuiltIn = isProven && emailVerification === 'builtIn';
  return {
    kind: 'field',
    id: isEmail ? ids.email : isPassword ? field.id : field.claim,
    input: isEmail ? 'EmailBox' : isPassword ? 'Password' : INPUTS[field.input],
    label: labelText(texts, field.label),
    ...{ help: undefined, pattern: undefined },
    value: isEmail ? email : isPassword ? '' : (values.get(field.claim) ?? ''),
    options: 'values' in field ? field.values.map((value) => ({ text: value, value })) : [],
    error: item && messageText(texts, item),
    isRequired: isEmail || isPassword || field.required,
    isReadonly: isEmail && (field.isFixed || (isProven && verification.state === 'verified')),
    disabled: isLocked && !isEmail,
    autofocus: isFocused && !(isProven && isSent),
    autocomplete: isEmail
      ? 'email'
      : isPassword
        ? field.claim === 'password'
          ? 'current-password'
          : 'new-password'
        : field.autocomplete,
    isLatin: isEmail || field.claim === ids.identifier || field.claim === 'otpCode',
    ...(withBuiltIn
      ? { verification: buildBuiltIn(toVerification(verification), { texts, own: {} }, '') }
      : {}),
  };
}

function buildControl(journey: Journey, field: FieldModel, texts: Texts): ControlModel {
  const { verification, policy } = journey;
  const { verificationControl: id, verificationCode: code } = policy.page.ids;
  const isBadAddress = verification.message === 'bad_address';
  return {
    ...{ kind: 'control', id, state: verification.state, suffix: '' },
    ...outcomeTexts(toVerification(verification), texts),
    intro: texts['ver_intro_msg'] ?? '',
    fields: [isBadAddress ? { ...field, error: texts.ver_incorrect_format } : field],
    code: { id: code, label: texts['verificationCode'] ?? '' },
    labels: {
      code: texts['verificationCode'] ?? '',
      send: texts['but_send_code'] ?? '',
      verify: texts['but_verify_code'] ?? '',
      resend: texts['but_send_new_code'] ?? '',
      edit: texts['but_change_claims'] ?? '',
    },
  };
}

const toVerification = ({ codeExpiresAt, ...rest }: Journey['verification']) => ({
  ...{ kind: 'built-in' as const, expiresAt: codeExpiresAt },
  ...rest,
});

// The elements are always part of the page, and hidden while they are empty.
function buildPageErrors(
  fields: readonly Field[],
  { page }: FormErrors,
  texts: Texts,
): SelfAssertedModel['pageErrors'] {
  const hasPassword = fields.some((field) => field.claim === 'reenterPassword');
  const ids: PageErrorId[] = [
    ...(hasPassword ? (['passwordEntryMismatch'] as const) : []),
    ...(['requiredFieldMissing', 'fieldIncorrect', 'claimVerificationServerError'] as const),
  ];
  return ids.map((id) => ({
    id,
    text: page?.id === id ? messageText(texts, page.message) : undefined,
  }));
}

function buildPhone(
  { values, verification, policy }: Journey,
  { errors, language: { tag, texts } }: JourneyPageContext,
): PhoneModel {
  const known = values.get('known_number') ?? '';
  const isSent = verification.state === 'code_sent';
  const { message } = verification;
  const isGood = message === undefined || message === 'code_sent' || message === 'verified';
  const failedId =
    message === 'bad_address' ? 'invalid_number' : message && VERIFICATION_TEXTS[message];
  const failure = isGood || !failedId ? undefined : texts[failedId];
  const introId: TextId = isSent
    ? 'enter_code_text_intro'
    : known
      ? 'phone_known_intro'
      : 'phone_entry_intro';
  const text = (id: string) => texts[id] ?? '';
  return {
    template: 'phonefactor',
    title: texts.phone_heading,
    intro: texts[introId],
    known: known ? [{ value: known, masked: `XXX-XXX-${known.slice(-4)}`, isChosen: true }] : [],
    hasEntry: known === '',
    countries: listCountries(values.get('countryCode') ?? '1', tag).countries,
    number: values.get(policy.page.ids.phoneNumber) ?? '',
    isSent,
    error: failure ?? (errors.page && messageText(texts, errors.page.message)),
    labels: {
      ...{ country: text('country_code'), number: text('phone_number') },
      ...{ send: text('phone_send'), verify: text('phone_verify') },
      ...{ call: text('phone_call'), retry: text('phone_retry') },
    },
  };
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
