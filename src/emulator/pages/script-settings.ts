import type { Journey } from '../journeys/journey.ts';
import type { Language } from './languages.ts';
import { apiName, type PageSession } from './page-links.ts';
import type { PhoneModel } from './phone-model.ts';
import type { SelfAssertedModel } from './self-asserted-model.ts';
import type { UnifiedModel } from './unified-model.ts';

/**
 * The objects that B2C's pages contain for their script. Programs that sign in without a browser
 * extract them with patterns. So there is no whitespace, and `api` comes immediately before `csrf`.
 */
export function buildScriptSettings(
  journey: Journey,
  model: UnifiedModel | SelfAssertedModel | PhoneModel,
  { session, language }: { session: PageSession; language: Language },
): string {
  const isUnified = model.template === 'unified';
  const settings = {
    remoteResource: '',
    retryLimit: 3,
    trimSpacesInPassword: true,
    api: apiName(journey),
    csrf: session.csrf,
    transId: session.id,
    pageViewId: session.pageViewId,
    suppressElementCss: false,
    isPageViewIdSentWithHeader: false,
    allowAutoFocusOnPasswordField: true,
    pageMode: 0,
    config: {
      showSignupLink: String(isUnified && model.createAccountHref !== undefined),
      enableRememberMe: String(isUnified && model.showsKeepMeSignedIn),
      operatingMode: journey.policy.signInName === 'email' ? 'Email' : 'Username',
    },
    hosts: { tenant: session.basePath, policy: session.policyName, static: '' },
    locale: { lang: language.tag },
  };
  const fields = model.template === 'self-asserted' ? [describeFields(model)] : [];
  return [`var SETTINGS = ${compact(settings)};`, ...fields].join('\n');
}

function describeFields({ fields }: SelfAssertedModel): string {
  const described = fields.map((field) => ({
    UX_INPUT_TYPE: INPUT_TYPES[field.kind],
    ID: field.claim,
    DN: 'label' in field ? field.label : '',
    PRE: field.value,
    VERIFY: field.kind === 'email' && field.isVerifiable,
    IS_PASSWORD: field.kind === 'password',
  }));
  return `var SA_FIELDS = ${compact({ AttributeFields: described })};`;
}

const INPUT_TYPES = {
  email: 'EmailBox',
  password: 'Password',
  value: 'TextBox',
  note: 'Paragraph',
};

// Escapes what could end the script element or the statement.
function compact(value: object): string {
  return JSON.stringify(value).replace(/[<>&;]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
