import type { TextId } from '../pages/languages/en.ts';
import { type Mailbox, sendVerificationCode } from '../tenant/mailbox.ts';
import type { PageSettings } from '../tenant/page-settings.ts';

/** A six-digit code that was sent to an address or a number, and whether it came back. */
export interface Verification {
  state: 'start' | 'code_sent' | 'verified';
  /** An e-mail address or a telephone number. */
  address: string;
  message: VerificationMessage | undefined;
  code: string;
  codeExpiresAt: number;
  failures: number;
}

/** What the page says about the last action. */
export type VerificationMessage =
  | 'code_sent'
  | 'verified'
  | 'bad_address'
  | 'wrong_code'
  | 'code_expired'
  | 'too_many_failures';

export type VerificationAction = 'send_code' | 'verify_code' | 'send_new_code' | 'change_claims';

// As at B2C: a code lives for 20 minutes, and a few guesses end it.
const CODE_LIFETIME_MS = 20 * 60_000;
const MAX_FAILURES = 5;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;

export function createVerification(): Verification {
  return {
    state: 'start',
    address: '',
    message: undefined,
    code: '',
    codeExpiresAt: 0,
    failures: 0,
  };
}

/** Whether an address has to be proved before anything goes on. */
export const isVerifyingEmail = ({ emailVerification }: PageSettings): boolean =>
  emailVerification !== 'none';

export const isEmail = (text: string): boolean => EMAIL.test(text);

const ACTIONS: readonly string[] = ['send_code', 'verify_code', 'send_new_code', 'change_claims'];

/** Of a button, or in the words that B2C's own script posts. */
export function parseVerificationAction(
  action: string | null,
  requestType: string | null,
): VerificationAction | undefined {
  if (requestType === 'VERIFICATION_REQUEST') return 'send_code';
  if (requestType === 'VALIDATION_REQUEST') return 'verify_code';
  return action !== null && ACTIONS.includes(action) ? (action as VerificationAction) : undefined;
}

/** What each message says. */
export function textOf(message: VerificationMessage): TextId {
  return TEXTS[message];
}

const TEXTS: Record<VerificationMessage, TextId> = {
  code_sent: 'success_send_code_msg',
  verified: 'success_verify_code_msg',
  bad_address: 'ver_incorrect_format',
  wrong_code: 'failure_retry_msg',
  code_expired: 'failure_code_expired_msg',
  too_many_failures: 'failure_no_retry_msg',
};

/** Carries out what a button of the verification control asks, and leaves a message for the page. */
export function applyVerificationAction(
  verification: Verification,
  action: VerificationAction,
  context: {
    address: string;
    isAddress: (text: string) => boolean;
    code: string;
    policy: string;
    now: number;
    mailbox: Mailbox;
    fixedCode: string | undefined;
  },
): void {
  if (action === 'change_claims') {
    Object.assign(verification, createVerification(), { address: verification.address });
  } else if (action === 'verify_code') {
    verifyCode(verification, context);
  } else {
    sendCode(verification, context);
  }
}

function sendCode(
  verification: Verification,
  context: Parameters<typeof applyVerificationAction>[2],
): void {
  const { address, isAddress, policy, now, mailbox, fixedCode } = context;
  verification.address = address;
  if (!isAddress(address)) {
    verification.message = 'bad_address';
    return;
  }
  const { code } = sendVerificationCode(mailbox, { email: address, policy, now, fixedCode });
  Object.assign(verification, {
    state: 'code_sent',
    message: 'code_sent',
    code,
    codeExpiresAt: now + CODE_LIFETIME_MS,
    failures: 0,
  } satisfies Partial<Verification>);
}

function verifyCode(
  verification: Verification,
  { address, code, now }: { address: string; code: string; now: number },
): void {
  if (verification.state !== 'code_sent') return;
  if (verification.failures >= MAX_FAILURES) {
    verification.message = 'too_many_failures';
  } else if (now >= verification.codeExpiresAt) {
    verification.message = 'code_expired';
  } else if (code.trim() === verification.code && isSameAddress(address, verification.address)) {
    verification.state = 'verified';
    verification.message = 'verified';
  } else {
    verification.failures += 1;
    verification.message = 'wrong_code';
  }
}

// The address stays editable while a code is pending, and the code belongs to the one it went to.
const isSameAddress = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
