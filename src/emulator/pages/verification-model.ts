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
  { texts, own }: Pick<PageTexts, 'texts' | 'own'>,
  suffix: string,
): BuiltInModel {
  // Policies use the IDs of the built-in proof, our languages those of the display control.
  const text = (id: string, control: string) => own[id] ?? texts[control] ?? '';
  return {
    state,
    shown: SHOWN[message ?? ''] ?? (message ? 'fail_server' : 'intro'),
    messages: [
      ['intro', INFO, text('ver_intro_msg', 'ver_intro_msg')],
      ['info', INFO, text('ver_info_msg', 'success_send_code_msg')],
      ['success', 'verificationSuccessText', text('ver_success_msg', 'success_verify_code_msg')],
      ['fail_retry', ERROR, text('ver_fail_retry', 'failure_retry_msg')],
      ['fail_no_retry', ERROR, text('ver_fail_no_retry', 'failure_no_retry_msg')],
      ['fail_throttled', ERROR, text('ver_fail_throttled', 'failure_throttled_msg')],
      ['fail_code_expired', ERROR, text('ver_fail_code_expired', 'failure_code_expired_msg')],
      ['fail_server', ERROR, text('ver_fail_server', 'failure_server_msg')],
      ['incorrect_format', ERROR, text('ver_incorrect_format', 'ver_incorrect_format')],
    ],
    suffix,
    labels: {
      code: text('ver_input', 'verificationCode'),
      send: text('ver_but_send', 'but_send_code'),
      verify: text('ver_but_verify', 'but_verify_code'),
      resend: text('ver_but_resend', 'but_send_new_code'),
      edit: text('ver_but_edit', 'but_change_claims'),
    },
  };
}

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
