import { type Mailbox, sendVerificationCode } from './mailbox.ts';

/** A mailed six-digit code, and whether it came back. */
export interface EmailVerification {
  state: 'start' | 'code_sent' | 'verified';
  email: string;
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

export function createEmailVerification(): EmailVerification {
  return {
    state: 'start',
    email: '',
    message: undefined,
    code: '',
    codeExpiresAt: 0,
    failures: 0,
  };
}

const isEmail = (text: string): boolean => EMAIL.test(text);

export function parseVerificationAction(action: string | null): VerificationAction | undefined {
  const isKnown =
    action === 'send_code' ||
    action === 'verify_code' ||
    action === 'send_new_code' ||
    action === 'change_claims';
  return isKnown ? action : undefined;
}

/** Carries out what a button of the e-mail control asks, and leaves a message for the page. */
export function applyVerificationAction(
  verification: EmailVerification,
  action: VerificationAction,
  context: {
    email: string;
    code: string;
    policy: string;
    now: number;
    mailbox: Mailbox;
    fixedCode: string | undefined;
  },
): void {
  if (action === 'change_claims') {
    Object.assign(verification, createEmailVerification(), { email: verification.email });
  } else if (action === 'verify_code') {
    verifyCode(verification, context);
  } else {
    sendCode(verification, context);
  }
}

function sendCode(
  verification: EmailVerification,
  context: Parameters<typeof applyVerificationAction>[2],
): void {
  const { email, policy, now, mailbox, fixedCode } = context;
  verification.email = email;
  if (!isEmail(email)) {
    verification.message = 'bad_address';
    return;
  }
  const { code } = sendVerificationCode(mailbox, { email, policy, now, fixedCode });
  Object.assign(verification, {
    state: 'code_sent',
    message: 'code_sent',
    code,
    codeExpiresAt: now + CODE_LIFETIME_MS,
    failures: 0,
  } satisfies Partial<EmailVerification>);
}

function verifyCode(
  verification: EmailVerification,
  { email, code, now }: { email: string; code: string; now: number },
): void {
  if (verification.state !== 'code_sent') return;
  if (verification.failures >= MAX_FAILURES) {
    verification.message = 'too_many_failures';
  } else if (now >= verification.codeExpiresAt) {
    verification.message = 'code_expired';
  } else if (code.trim() === verification.code && isSameEmail(email, verification.email)) {
    verification.state = 'verified';
    verification.message = 'verified';
  } else {
    verification.failures += 1;
    verification.message = 'wrong_code';
  }
}

// The address stays editable while a code is pending, and the code belongs to the one it went to.
const isSameEmail = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
