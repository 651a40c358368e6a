import type { FieldModel } from './field-model.ts';
import type { Language } from './languages.ts';
import { API_NAMES, type PageSession } from './page-links.ts';
import type { PageTexts } from './page-texts.ts';
import { buildScriptContent, type ScriptModel } from './script-content.ts';

/**
 * The objects that B2C's pages contain for their script. Programs that sign in without a browser
 * extract them with patterns. So there is no whitespace, and `api` comes immediately before `csrf`.
 */
export function buildScriptSettings(
  model: ScriptModel,
  { session, language, texts }: { session: PageSession; language: Language; texts: PageTexts },
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
  const fields = describeFields(model);
  return [
    `var SETTINGS = ${compact(settings)};`,
    `var CONTENT = ${compact(buildScriptContent(model, texts))};`,
    ...(fields.length > 0 ? [`var SA_FIELDS = ${compact({ AttributeFields: fields })};`] : []),
  ].join('\n');
}

function describeFields(model: ScriptModel): object[] {
  if (model.template === 'unified') {
    return model.fields.map((field) => describeField({ ...field, input: INPUTS[field.type] }));
  }
  if (model.template !== 'self-asserted') return [];
  return model.items.flatMap((item) => {
    if (item.kind === 'field') return [describeField(item)];
    return item.kind === 'control' ? item.fields.map(describeField) : [];
  });
}

const INPUTS = { email: 'EmailBox', text: 'TextBox', password: 'Password' } as const;

type DescribedField = Pick<FieldModel, 'id' | 'input' | 'label' | 'value' | 'pattern'> &
  Partial<Pick<FieldModel, 'help' | 'verification'>>;

const describeField = (field: DescribedField): object => ({
  UX_INPUT_TYPE: field.input,
  ID: field.id,
  DN: field.label,
  U_HELP: field.help,
  PRE: field.value,
  PAT: field.pattern,
  VERIFY: field.verification !== undefined,
  IS_PASSWORD: field.input === 'Password',
});

// Escapes what could end the script element or the statement.
function compact(value: object): string {
  return JSON.stringify(value).replace(/[<>&;]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
