import type { Language } from './languages.ts';
import { API_NAMES, type PageSession } from './page-links.ts';
import type { PhoneModel } from './phone-model.ts';
import type { ProvidersModel } from './providers-model.ts';
import type { SelfAssertedModel } from './self-asserted-model.ts';
import type { UnifiedModel } from './unified-model.ts';

/**
 * The objects that B2C's pages contain for their script. Programs that sign in without a browser
 * extract them with patterns. So there is no whitespace, and `api` comes immediately before `csrf`.
 */
export function buildScriptSettings(
  model: UnifiedModel | SelfAssertedModel | PhoneModel | ProvidersModel,
  { session, language }: { session: PageSession; language: Language },
): string {
  const isUnified = model.template === 'unified';
  const settings = {
    remoteResource: '',
    retryLimit: 3,
    trimSpacesInPassword: true,
    api: API_NAMES[model.template],
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
      operatingMode: isUnified ? model.operatingMode : 'Email',
    },
    hosts: { tenant: session.basePath, policy: session.policyName, static: '' },
    locale: { lang: language.tag },
  };
  const fields = model.template === 'self-asserted' ? [describeFields(model)] : [];
  return [`var SETTINGS = ${compact(settings)};`, ...fields].join('\n');
}

function describeFields({ items }: SelfAssertedModel): string {
  const fields = items.flatMap((item) => {
    if (item.kind === 'field') return [item];
    return item.kind === 'control' ? item.fields : [];
  });
  const described = fields.map(({ id, input, label, value, verification, pattern }) => ({
    UX_INPUT_TYPE: input,
    ID: id,
    DN: label,
    PRE: value,
    PAT: pattern,
    VERIFY: verification !== undefined,
    IS_PASSWORD: input === 'Password',
  }));
  return `var SA_FIELDS = ${compact({ AttributeFields: described })};`;
}

// Escapes what could end the script element or the statement.
function compact(value: object): string {
  return JSON.stringify(value).replace(/[<>&;]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
