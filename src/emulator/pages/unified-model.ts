import type { Field, Page } from '../policy/page.ts';
import { setting } from '../policy/profile-claims.ts';
import { inputPattern } from './field-model.ts';
import { fill } from './languages.ts';
import type { SpecificContext } from './page-context.ts';
import { linkUrl, type PageSession } from './page-links.ts';
import type { PageTexts } from './page-texts.ts';

/** The page of `unifiedssp`: the sign-in form, and the links to everything else. */
export interface UnifiedModel {
  template: 'unified';
  title: string;
  formLabel: string;
  fields: UnifiedField[];
  showsKeepMeSignedIn: boolean;
  operatingMode: 'Email' | 'Username';
  pageError: string | undefined;
  forgotPassword: { href: string; isAfterButtons: boolean } | undefined;
  createAccountHref: string | undefined;
  providers: { id: string; name: string }[];
  /** The form of the identity provider buttons. */
  providerForm: ProviderForm;
}

export interface UnifiedField {
  id: string;
  type: 'email' | 'text' | 'password';
  /** B2C uses the label as the `name` of the input too. */
  label: string;
  value: string;
  isReadonly: boolean;
  error: string | undefined;
  hint: string;
  pattern: string | undefined;
  autofocus: boolean;
}

export interface ProviderForm {
  action: string;
  fields: [name: string, value: string][];
}

const UNIFIED = 'api/CombinedSigninAndSignup/unified';

export function buildUnified(
  page: Page,
  { session, texts }: Pick<SpecificContext, 'session' | 'texts'>,
): UnifiedModel {
  const { profile, links, providers, errors } = page;
  const isEmail = profile && setting(profile, 'setting.operatingMode')?.toLowerCase() === 'email';
  const location = profile && setting(profile, 'setting.forgotPasswordLinkLocation');
  const fields = page.fields.map((field) => buildField(field, page, texts));
  const focused = fields.find(({ value }) => value === '');
  if (focused) focused.autofocus = true;
  const hasItems = Object.keys(errors.items).length > 0;
  return {
    template: 'unified',
    title: texts.texts.heading,
    formLabel: formLabel(page, texts),
    fields,
    showsKeepMeSignedIn: page.hasKeepMeSignedIn,
    operatingMode: isEmail ? 'Email' : 'Username',
    // Errors next to the fields need no other above them.
    pageError: errors.page && !hasItems ? texts.error(errors.page) : undefined,
    forgotPassword:
      links.forgotPassword === undefined
        ? undefined
        : {
            href: forgotPasswordHref(session, links.forgotPassword),
            isAfterButtons: location === 'AfterButtons',
          },
    createAccountHref: links.createAccount && linkUrl(session, UNIFIED, 'local=signup'),
    providers: providers.map((button) => ({
      id: button.id,
      name: texts.provider(button.id, button.profile),
    })),
    providerForm: buildProviderForm(session),
  };
}

const formLabel = ({ fields }: Page, { texts, label }: PageTexts): string =>
  fill(texts.local_intro_generic, fields[0] ? label(fields[0].claimType) : '');

const forgotPasswordHref = (session: PageSession, exchange: string): string =>
  exchange === 'error'
    ? linkUrl(session, 'api/CombinedSigninAndSignup/forgotPassword')
    : linkUrl(session, UNIFIED, `claimsexchange=${encodeURIComponent(exchange)}`);

function buildField(
  { id, claimType, input }: Field,
  { values, errors }: Page,
  texts: PageTexts,
): UnifiedField {
  const label = texts.label(claimType);
  const isPassword = input === 'Password';
  const isEmail = id === 'email' || input === 'EmailBox';
  const error = errors.items[id];
  return {
    ...{ id, label, autofocus: false },
    type: isPassword ? 'password' : isEmail ? 'email' : 'text',
    isReadonly: input === 'Readonly',
    value: isPassword ? '' : (values.get(id) ?? ''),
    error: error && texts.error({ values: [label], ...error }),
    hint: fill(texts.texts.invalid_generic, label),
    pattern: inputPattern(claimType, isEmail),
  };
}

export function buildProviderForm({ basePath, csrf, id, policyName }: PageSession): ProviderForm {
  return {
    action: `${basePath}/${UNIFIED}`,
    fields: [
      ['csrf_token', csrf],
      ['tx', id],
      ['p', policyName],
    ],
  };
}
