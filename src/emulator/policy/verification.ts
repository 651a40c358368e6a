/** The proof of an email address or phone number on a page, with a code that is sent to it. */
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
// E.164
const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;

export const isEmail = (text: string): boolean => EMAIL.test(text);
export const isPhoneNumber = (text: string): boolean => PHONE_NUMBER.test(text);
