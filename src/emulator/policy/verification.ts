/** The proof of an email address or phone number on a page, with a code that is sent to it. */
import { type Mailbox, sendVerificationCode } from '../state/mailbox.ts';
import type { DisplayControl } from './technical-profile.ts';

export interface Verification {
  /** `built-in`: `PartnerClaimType="Verified.Email"`. A display control sends and checks with its own profiles. */
  readonly kind: 'built-in' | 'control';
  readonly control?: DisplayControl;
  state: 'start' | 'code_sent' | 'verified';
  /** The address that the code was sent to. */
  address: string;
  /** Values of all its fields for which the code was sent, by claim ID. */
  values: ReadonlyMap<string, string>;
  /** ID of the text about the last action. */
  message: string | undefined;
  /** Text from outside or from the policy for the last action. */
  text?: string | undefined;
  code: string;
  expiresAt: number;
  failures: number;
}

export type VerificationAction = 'send_code' | 'verify_code' | 'change_claims';

export const createVerification = (control?: DisplayControl): Verification => ({
  kind: control ? 'control' : 'built-in',
  ...(control ? { control } : {}),
  state: 'start',
  address: '',
  values: new Map(),
  message: undefined,
  code: '',
  expiresAt: 0,
  failures: 0,
});

const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
// E.164: a country code and a national number, 15 digits at most.
const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;

export const isEmail = (text: string): boolean => EMAIL.test(text);
export const isPhoneNumber = (text: string): boolean => PHONE_NUMBER.test(text);

// As in B2C: a code is valid for 20 minutes and for a few attempts.
const LIFETIME_MS = 20 * 60_000;
export const MAX_FAILURES = 5;

/** A journey, as far as its codes depend on it. */
interface CodeSender {
  readonly policy: { readonly id: string };
  readonly tenant: {
    readonly mailbox: Mailbox;
    readonly fixedVerificationCode: string | undefined;
    now(): number;
  };
}

/** Sends a code to an email address or a phone number: to the mailbox of the tenant. */
export function sendCode({ tenant, policy }: CodeSender, email: string) {
  const now = tenant.now();
  const { code } = sendVerificationCode(tenant.mailbox, {
    ...{ email, policy: policy.id, now, fixedCode: tenant.fixedVerificationCode },
  });
  return { code, expiresAt: now + LIFETIME_MS, failures: 0 };
}
