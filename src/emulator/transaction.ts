import { randomBytes, randomUUID } from 'node:crypto';
import type { AuthorizationRequest } from './authorization-request.ts';
import { createEmailVerification, type EmailVerification } from './email-verification.ts';
import { encodeJson } from './jwt.ts';

export type StepName = 'sign_in' | 'sign_up' | 'reset_email' | 'reset_password' | 'edit_profile';

/** What a step that was passed leads to. */
export type Outcome =
  | { kind: 'step'; step: StepName }
  | { kind: 'signed_in'; accountOid: string; claims: Record<string, unknown> };

/** One authorization request on its way through the pages. */
export interface Transaction {
  /** `tx` in addresses; real ones look like this too. */
  id: string;
  /** Also in a cookie: a form from elsewhere, or for another browser's transaction, is refused. */
  csrf: string;
  request: AuthorizationRequest;
  /** In front of the pages' addresses: `/tenant/policy`. */
  basePath: string;
  step: StepName;
  verification: EmailVerification;
  /** Typed into the fields so far; never passwords. */
  values: Map<string, string>;
  /** Who it is, once that is known and the journey is not at its end. */
  accountOid?: string;
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
    request,
    basePath,
    step,
    verification: createEmailVerification(),
    values: new Map(),
  };
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
