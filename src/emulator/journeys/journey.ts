/**
 * One user on the way through a policy's pages. A journey knows neither HTTP nor OAuth: forms go in,
 * pages come out, and it ends in an outcome. The policy engine will replace this folder.
 */
import type { Policy } from '../definition/policy.ts';
import type { Accounts } from '../state/accounts.ts';
import type { Mailbox } from '../state/mailbox.ts';
import type { B2cErrorCode } from '../tokens/b2c-error.ts';
import type { Claims } from '../tokens/jwt.ts';
import { createVerification, type Verification } from './verification.ts';

export type StepName =
  | 'sign_in'
  | 'sign_up'
  | 'social_sign_up'
  | 'phone_factor'
  | 'email_factor'
  | 'totp_factor'
  | 'reset_email'
  | 'reset_password'
  | 'edit_profile';

export interface Journey {
  policy: Policy;
  /** Claims of a validated `id_token_hint`. */
  hintedClaims: Claims;
  step: StepName;
  verification: Verification;
  /** Values that the user entered, by field. Never passwords or codes. */
  values: Map<string, string>;
  /** "Keep me signed in" was selected. */
  keepSignedIn: boolean;
  /** The account, once it is known. */
  accountOid?: string;
  /** Additional claims of this sign-in. */
  claims: Claims;
  /** The identity provider's account, until the user has an account here. */
  federatedIdentity?: FederatedIdentity;
  /** Secret of an authenticator app that the user is adding. */
  totpSecret?: string;
}

export interface FederatedIdentity {
  issuer: string;
  email: string;
}

/** The result of an accepted form or a link: another step, or the end of the journey. */
export type Outcome =
  | { kind: 'step'; step: StepName }
  | { kind: 'signed_in'; accountOid: string; claims: Claims; keep: boolean }
  | { kind: 'error'; code: B2cErrorCode; details?: Record<string, string> };

/** The parts of the tenant that the steps read and change. */
export interface Directory {
  accounts: Accounts;
  mailbox: Mailbox;
  lockout: { failures: number; seconds: number };
  /** Sent instead of random verification codes. */
  fixedVerificationCode: string | undefined;
  now: number;
}

export function createJourney(
  policy: Policy,
  { step, hintedClaims }: Pick<Journey, 'step' | 'hintedClaims'>,
): Journey {
  return {
    policy,
    hintedClaims,
    step,
    verification: createVerification(),
    values: new Map(),
    keepSignedIn: false,
    claims: {},
  };
}
