import { type Mailbox, sendVerificationCode } from '../state/mailbox.ts';
import type { TextId } from './text-ids.ts';

/** The verification of an email address or a phone number with a six-digit code. */
export interface Verification {
  state: 'start' | 'code_sent' | 'verified';
  /** An email address or a phone number. */
  address: string;
  message: VerificationMessage | undefined;
  code: string;
  codeExpiresAt: number;
  failures: number;
}

/** The result of the last action. */
export type VerificationMessage =
  | 'code_sent'
  | 'verified'
  | 'bad_address'
  | 'wrong_code'
  | 'code_expired'
  | 'too_many_failures';

export type VerificationAction = 'send_code' | 'verify_code' | 'send_new_code' | 'change_claims';

// As in B2C: a code is valid for 20 minutes and for a few attempts.
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

export const isEmail = (text: string): boolean => EMAIL.test(text);

const ACTIONS: readonly string[] = ['send_code', 'verify_code', 'send_new_code', 'change_claims'];

/** `action` is the value of a button; B2C's own script posts `request_type` instead. */
export function parseVerificationAction(form: URLSearchParams): VerificationAction | undefined {
  const requestType = form.get('request_type');
  if (requestType === 'VERIFICATION_REQUEST') return 'send_code';
  if (requestType === 'VALIDATION_REQUEST') return 'verify_code';
  const action = form.get('action');
  return action !== null && ACTIONS.includes(action) ? (action as VerificationAction) : undefined;
}

export const VERIFICATION_TEXTS: Record<VerificationMessage, TextId> = {
  code_sent: 'success_send_code_msg',
  verified: 'success_verify_code_msg',
  bad_address: 'ver_incorrect_format',
  wrong_code: 'failure_retry_msg',
  code_expired: 'failure_code_expired_msg',
  too_many_failures: 'failure_no_retry_msg',
};

export interface VerificationInput {
  address: string;
  isAddress: (text: string) => boolean;
  code: string;
  policyName: string;
  now: number;
  mailbox: Mailbox;
  fixedCode: string | undefined;
}

/** Runs the action of a button, and stores a message for the page. */
export function applyVerificationAction(
  verification: Verification,
  action: VerificationAction,
  input: VerificationInput,
): void {
  if (action === 'change_claims') {
    Object.assign(verification, createVerification(), { address: verification.address });
  } else if (action === 'verify_code') {
    verifyCode(verification, input);
  } else {
    sendCode(verification, input);
  }
}

function sendCode(verification: Verification, input: VerificationInput): void {
  const { address, isAddress, policyName: policy, now, mailbox, fixedCode } = input;
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
  { address, code, now }: Pick<VerificationInput, 'address' | 'code' | 'now'>,
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

// The user can still change the address after the code was sent. The code is valid only for the old one.
const isSameAddress = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
