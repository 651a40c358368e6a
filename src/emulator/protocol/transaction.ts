import { randomBytes, randomUUID } from 'node:crypto';
import type { ProviderAnswer } from '../journeys/simulated-provider.ts';
import { createVerification, type Verification } from '../journeys/verification.ts';
import { chooseLanguage, type Language } from '../pages/languages/language.ts';
import { type Claims, encodeJson } from '../tokens/jwt.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

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

/** What a step that was passed leads to. */
export type Outcome =
  | { kind: 'step'; step: StepName }
  | { kind: 'signed_in'; accountOid: string; claims: Claims };

/** One authorization request on its way through the pages. */
export interface Transaction {
  /** `tx` in addresses; real ones look like this too. */
  id: string;
  /** Also in a cookie: a form from elsewhere, or for another browser's transaction, is refused. */
  csrf: string;
  request: AuthorizationRequest;
  pageViewId: string;
  /** In front of the pages' addresses: `/tenant/policy`. */
  basePath: string;
  step: StepName;
  verification: Verification;
  /** Typed into the fields so far; never passwords. */
  values: Map<string, string>;
  /** The box on the sign-in page was ticked. */
  keepSignedIn: boolean;
  /** Who it is, once that is known and the journey is not at its end. */
  accountOid?: string;
  /** Of this sign-in, collected until its last step. */
  claims: Claims;
  /** The provider that was chosen, and what it answered. */
  providerId?: string;
  providerAnswer?: ProviderAnswer;
  /** Who somebody is at a provider, until there is an account. */
  federatedIdentity?: { issuer: string; email: string };
  /** Of an authenticator app that is being added. */
  totpSecret?: string;
  language: Language;
  /** Set by a form that was accepted, carried out by the `confirmed` address after it. */
  outcome?: Outcome;
}

/** Mails take minutes, and people answer the telephone. */
export const TRANSACTION_LIFETIME_MS = 30 * 60_000;

export function createTransaction(
  request: AuthorizationRequest,
  { step, csrf, basePath }: { step: StepName; csrf: string | undefined; basePath: string },
): Transaction {
  return {
    id: `StateProperties=${encodeJson({ TID: randomUUID() })}`,
    csrf: csrf || randomBytes(32).toString('base64url'),
    pageViewId: randomUUID(),
    request,
    basePath,
    step,
    verification: createVerification(),
    values: new Map(),
    keepSignedIn: false,
    claims: {},
    language: chooseLanguage(request.uiLocales),
  };
}

/** The part of a page's addresses that says what kind of page it is. */
export function apiOf({ step, request }: Transaction): string {
  if (step === 'phone_factor') return 'Phonefactor';
  const isUnified = step === 'sign_in' && request.policy.page.signIn === 'unified';
  return isUnified ? 'CombinedSigninAndSignup' : 'SelfAsserted';
}

/** Where the form of every page posts to; its token is a field of the form. */
export function formAddress({ id, basePath, request }: Transaction): string {
  return `${basePath}/SelfAsserted?tx=${id}&p=${request.policy.name}`;
}

/** An address of this transaction's pages that is opened by GET. */
export function linkAddress(
  { id, csrf, basePath, request }: Transaction,
  path: string,
  query = '',
): string {
  const common = `csrf_token=${csrf}&tx=${id}&p=${request.policy.name}`;
  return `${basePath}/${path}?${query === '' ? '' : `${query}&`}${common}`;
}
