/** The proof of an address with a code: B2C's built-in elements, or a display control. */
import type { Verification } from '../policy/verification.ts';
import type { Texts } from './languages.ts';
import type { PageTexts } from './page-texts.ts';

/** `email_ver_*` next to the field. */
export interface BuiltInModel {
  state: Verification['state'];
  /** End of the ID of the message that is shown: `info` of `email_info`. */
  shown: string;
  messages: [id: string, classes: string, text: string][];
  /** End of the value of the buttons, if the page has several of them. */
  suffix: string;
  labels: { code: string; send: string; verify: string; resend: string; edit: string };
}

const SHOWN: Readonly<Record<string, string>> = {
  code_sent: 'info',
  verified: 'success',
  wrong_code: 'fail_retry',
  too_many_failures: 'fail_no_retry',
  code_expired: 'fail_code_expired',
  bad_address: 'incorrect_format',
};

const INFO = 'verificationInfoText';
const ERROR = 'verificationErrorText error';

export function buildBuiltIn(
  { state, message }: Verification,
  pageTexts: Pick<PageTexts, 'texts' | 'own'>,
  suffix: string,
): BuiltInModel {
  const texts = builtInTexts(pageTexts);
  return {
    state,
    shown: SHOWN[message ?? ''] ?? (message ? 'fail_server' : 'intro'),
    messages: [
      ['intro', INFO, texts.ver_intro_msg],
      ['info', INFO, texts.ver_info_msg],
      ['success', 'verificationSuccessText', texts.ver_success_msg],
      ['fail_retry', ERROR, texts.ver_fail_retry],
      ['fail_no_retry', ERROR, texts.ver_fail_no_retry],
      ['fail_throttled', ERROR, texts.ver_fail_throttled],
      ['fail_code_expired', ERROR, texts.ver_fail_code_expired],
      ['fail_server', ERROR, texts.ver_fail_server],
      ['incorrect_format', ERROR, texts.ver_incorrect_format],
    ],
    suffix,
    labels: {
      code: texts.ver_input,
      send: texts.ver_but_send,
      verify: texts.ver_but_verify,
      resend: texts.ver_but_resend,
      edit: texts.ver_but_edit,
    },
  };
}

/** Our languages have the IDs of the display control, by the IDs of the built-in elements. */
const BUILT_IN_TEXTS = {
  ver_intro_msg: 'ver_intro_msg',
  ver_info_msg: 'success_send_code_msg',
  ver_success_msg: 'success_verify_code_msg',
  ver_fail_retry: 'failure_retry_msg',
  ver_fail_no_retry: 'failure_no_retry_msg',
  ver_fail_throttled: 'failure_throttled_msg',
  ver_fail_code_expired: 'failure_code_expired_msg',
  ver_fail_server: 'failure_server_msg',
  ver_incorrect_format: 'ver_incorrect_format',
  ver_input: 'verificationCode',
  ver_but_send: 'but_send_code',
  ver_but_verify: 'but_verify_code',
  ver_but_resend: 'but_send_new_code',
  ver_but_edit: 'but_change_claims',
} as const;

/** The texts of the built-in elements. */
export const builtInTexts = ({ texts, own }: Pick<PageTexts, 'texts' | 'own'>) =>
  Object.fromEntries(
    Object.entries(BUILT_IN_TEXTS).map(([id, builtIn]) => [id, own[id] ?? texts[builtIn] ?? '']),
  ) as Record<keyof typeof BUILT_IN_TEXTS, string>;

export function outcomeTexts(verification: Verification, texts: Texts) {
  const { message } = verification;
  const text = message && verificationText(verification, texts);
  if (message === 'bad_address') return { success: undefined, failure: undefined };
  const isGood = message === 'code_sent' || message === 'verified';
  return { success: isGood ? text : undefined, failure: isGood ? undefined : text };
}

const MESSAGES: Readonly<Record<string, string>> = {
  code_sent: 'success_send_code_msg',
  verified: 'success_verify_code_msg',
  wrong_code: 'failure_retry_msg',
  code_expired: 'failure_code_expired_msg',
  too_many_failures: 'failure_no_retry_msg',
  bad_address: 'ver_incorrect_format',
};

/** The text about the last action. */
export function verificationText({ message = '', text }: Verification, texts: Texts): string {
  return text ?? texts[MESSAGES[message] ?? message] ?? message;
}
