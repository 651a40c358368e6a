import type { PageTexts } from './page-texts.ts';
import type { PhoneModel } from './phone-model.ts';
import type { ProvidersModel } from './providers-model.ts';
import type { SelfAssertedModel } from './self-asserted-model.ts';
import type { UnifiedModel } from './unified-model.ts';
import { builtInTexts } from './verification-model.ts';

export type ScriptModel = UnifiedModel | SelfAssertedModel | PhoneModel | ProvidersModel;

/** The texts of a page by B2C's IDs, for its scripts: `CONTENT`. Those of the policy come with any ID. */
export function buildScriptContent(model: ScriptModel, texts: PageTexts): Record<string, string> {
  const builtIn = PAGE_TEXTS[model.template].map((id) => [id, texts.texts[id] ?? '']);
  return { ...Object.fromEntries(builtIn), ...pageTexts(model, texts), ...texts.own };
}

const ACCOUNT_ERRORS = ['UserAccountLocked', 'UserAccountDisabled', 'InvalidPassword'];

const PAGE_TEXTS: Record<ScriptModel['template'], string[]> = {
  unified: [
    ...['heading', 'social_intro', 'divider_title', 'forgotpassword_link', 'remember_me'],
    ...['button_signin', 'createaccount_intro', 'createaccount_one_link', 'DefaultMessage'],
    ...['requiredField_generic', 'requiredField_password', 'invalid_generic'],
    ...[...ACCOUNT_ERRORS, 'ClaimsPrincipalDoesNotExist'].map((end) => `UserMessageIf${end}`),
  ],
  'self-asserted': [
    ...['button_cancel', 'helplink_text', 'required_field', 'error_requiredFieldMissing'],
    ...['error_fieldIncorrect', 'error_passwordEntryMismatch'],
    'UserMessageIfClaimsPrincipalAlreadyExists',
  ],
  phonefactor: ['button_cancel', 'enter_code_text_intro', 'invalid_number', 'error_incorrect_code'],
  providers: [],
};

/** Texts that are not the same on all pages of a kind. */
function pageTexts(model: ScriptModel, texts: PageTexts): Record<string, string> {
  switch (model.template) {
    case 'unified':
      return { local_intro_generic: model.formLabel };
    case 'self-asserted':
      return {
        ...{ heading: model.heading, initial_intro: model.intro },
        ...{ button_continue: model.continueLabel, verifying_blurb: '' },
        ...builtInTexts(texts),
      };
    case 'phonefactor':
      return {
        ...{ intro_sms: model.intro, intro_entry_sms: model.intro },
        country_code_label: model.labels.country,
        number_label: model.labels.number,
        button_send_code: model.labels.send,
        button_verify_code: model.labels.verify,
        button_verify: model.labels.call,
        text_button_send_second_code: model.labels.retry,
      };
    case 'providers':
      return { intro: model.intro };
  }
}
