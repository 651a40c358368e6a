/** The texts of a page: those of the policy over the built-in ones of the language. */
import type { ClaimType } from '../policy/claims.ts';
import type { ContentDefinition } from '../policy/content.ts';
import type { Page, PageError } from '../policy/page.ts';
import type { JourneyRun } from '../policy/run.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import { localizedStrings, localizedText } from '../policy/texts.ts';
import { claimLabel, fill, type Texts } from './languages.ts';

export type RunLanguage = Pick<JourneyRun, 'language' | 'policy'>;

export interface PageTexts {
  /** Every text by its ID in B2C. */
  texts: Texts;
  /** Only those that the policy gives. */
  own: Readonly<Record<string, string>>;
  /** The name of a claim next to its field. */
  label(claimType: ClaimType): string;
  /** The help behind "What is this?". */
  help(claimType: ClaimType): string | undefined;
  /** The name of an identity provider on its button. */
  provider(id: string, profile: TechnicalProfile): string;
  error(error: PageError): string;
  /** The texts of one display control over those of the page. */
  control(id: string): Texts;
}

export function pageTexts(
  run: RunLanguage,
  { contentDefinition, profile }: Pick<Page, 'contentDefinition' | 'profile'>,
  builtIn: Texts,
): PageTexts {
  const own = {
    ...pageDefaults(contentDefinition, builtIn),
    ...languageItems(contentDefinition),
    ...languageItems(profile),
    ...localizedStrings(run, contentDefinition, { elementType: 'UxElement' }),
  };
  const texts: Texts = { ...builtIn, ...own };
  const claimText = (elementId: string, stringId: string) =>
    localizedText(run, contentDefinition, { elementType: 'ClaimType', elementId, stringId });
  return {
    ...{ texts, own },
    label: ({ id, textId = id, displayName }) =>
      claimText(id, 'DisplayName') ?? displayName?.value ?? claimLabel(texts, textId),
    help: ({ id, userHelpText }) => claimText(id, 'UserHelpText') ?? userHelpText?.value,
    provider: (id, { displayName }) =>
      localizedText(run, contentDefinition, { elementType: 'ClaimsProvider', stringId: id }) ??
      displayName?.value ??
      texts[ACCOUNT_BUTTONS[id] ?? ''] ??
      id,
    error: ({ id, text, values = [] }) => fill(text ?? texts[id] ?? id, ...values),
    control: (elementId) => ({
      ...texts,
      ...localizedStrings(run, contentDefinition, { elementType: 'DisplayControl', elementId }),
    }),
  };
}

/** Built-in texts of the buttons that user flows have instead of links. */
const ACCOUNT_BUTTONS: Readonly<Record<string, string>> = {
  SignUpExchange: 'createaccount_one_link',
  ForgotPasswordExchange: 'forgotpassword_link',
};

/** `language.button_continue` and the like, in the metadata of a profile or a content definition. */
function languageItems(
  source: Pick<TechnicalProfile | ContentDefinition, 'metadata'> | undefined,
): Record<string, string> {
  const items = [...(source?.metadata ?? [])].flatMap(([key, { value }]) =>
    key.startsWith('language.') ? [[key.slice('language.'.length), value] as const] : [],
  );
  return Object.fromEntries(items);
}

/** Built-in texts of B2C's pages that differ from page to page: ID of the text, by its ID on the page. */
const PAGE_DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'api.signuporsignin.email': { local_intro_generic: 'local_intro_email' },
  'api.signuporsignin.username': { local_intro_generic: 'local_intro_username' },
  'api.localaccountsignup': { button_continue: 'button_create' },
  'api.localaccountpasswordchange': { initial_intro: 'reset_password_intro' },
  'api.forcedpasswordreset': { initial_intro: 'forced_reset_intro' },
  'api.changepassword': { initial_intro: 'change_password_intro' },
  'api.termsofuse': { initial_intro: 'terms_intro' },
  'api.agegating': {
    initial_intro: 'age_gating_intro',
    UserMessageIfClaimsTransformationBooleanValueIsNotEqual: 'age_blocked',
  },
  'api.emailfactor': { heading: 'phone_heading', initial_intro: 'email_factor_intro' },
  'api.totp': {
    ...{ heading: 'phone_heading', initial_intro: 'totp_intro' },
    button_continue: 'button_verify',
  },
  'api.totpenrol': {
    ...{ heading: 'phone_heading', initial_intro: 'totp_enrol_intro' },
    button_continue: 'button_verify',
  },
  'api.localaccountsignin': { heading: 'heading', initial_intro: 'local_intro_generic' },
  'api.selfasserted.profileupdate': { initial_intro: 'edit_profile_intro' },
};

function pageDefaults(
  contentDefinition: ContentDefinition | undefined,
  builtIn: Texts,
): Record<string, string> {
  const defaults = PAGE_DEFAULTS[contentDefinition?.id.toLowerCase() ?? ''] ?? {};
  return Object.fromEntries(
    Object.entries(defaults).map(([id, builtInId]) => [id, builtIn[builtInId] ?? '']),
  );
}
