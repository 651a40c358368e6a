import { apiOf, type Transaction } from '../protocol/transaction.ts';
import type { PhoneModel } from './phone-model.ts';
import type { SelfAssertedModel } from './self-asserted-model.ts';
import type { UnifiedModel } from './unified-model.ts';

/**
 * The objects that B2C's pages carry for their script. Programs that sign in by themselves cut them
 * out of the HTML by pattern, so there is no white space, and `api` stands right before `csrf`.
 */
export function buildScriptSettings(
  transaction: Transaction,
  model: UnifiedModel | SelfAssertedModel | PhoneModel,
): string {
  const { request, csrf, id, basePath, language } = transaction;
  const settings = {
    remoteResource: '',
    retryLimit: 3,
    trimSpacesInPassword: true,
    api: apiOf(transaction),
    csrf,
    transId: id,
    pageViewId: transaction.pageViewId,
    suppressElementCss: false,
    isPageViewIdSentWithHeader: false,
    allowAutoFocusOnPasswordField: true,
    pageMode: 0,
    config: {
      showSignupLink: String(model.template === 'unified' && model.createAccountHref !== undefined),
      enableRememberMe: String(model.template === 'unified' && model.offersToKeep),
      operatingMode: request.policy.signInName === 'email' ? 'Email' : 'Username',
    },
    hosts: { tenant: basePath, policy: request.policy.name, static: '' },
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

// Nothing in it may end the script element, or the statement.
function compact(value: object): string {
  return JSON.stringify(value).replace(/[<>&;]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
