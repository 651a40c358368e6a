import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { findCookie } from '../../http/cookies.ts';
import type { Policy } from '../definition/policy.ts';
import type { Journey, Outcome } from '../journeys/journey.ts';
import type { ProviderResponse } from '../journeys/provider-sign-in.ts';
import { chooseLanguage, type Language } from '../pages/languages.ts';
import type { PageSession } from '../pages/page-links.ts';
import { createExpiringMap, type ExpiringMap } from '../state/expiring-map.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { encodeJson } from '../tokens/jwt.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** An authorization request whose user is on the hosted pages. */
export interface Transaction extends PageSession {
  request: AuthorizationRequest;
  journey: Journey;
  language: Language;
  /** The chosen identity provider, and its response. */
  providerId?: string;
  providerResponse?: ProviderResponse;
  /** Set by an accepted form, followed by the `confirmed` endpoint. */
  outcome?: Outcome;
}

/** By `tx`. */
export type Transactions = ExpiringMap<Transaction>;

// Long enough to wait for an email.
const TRANSACTION_LIFETIME_MS = 30 * 60_000;

export const createTransactions = (now: () => number): Transactions =>
  createExpiringMap({ lifetimeMs: TRANSACTION_LIFETIME_MS, maxEntries: 10_000, now });

export const CSRF_COOKIE = 'x-ms-cpim-csrf';

export const readCsrfCookie = (request: IncomingMessage): string | undefined =>
  findCookie(request, CSRF_COOKIE);

export function createTransaction(
  request: AuthorizationRequest,
  journey: Journey,
  { csrf, basePath }: { csrf: string | undefined; basePath: string },
): Transaction {
  return {
    id: `StateProperties=${encodeJson({ TID: randomUUID() })}`,
    csrf: csrf || randomBytes(32).toString('base64url'),
    pageViewId: randomUUID(),
    basePath,
    policyName: request.policy.name,
    request,
    journey,
    language: chooseLanguage(request.uiLocales),
  };
}

/** A request to a hosted page. */
interface PageRequest {
  tenant: { transactions: Transactions };
  request: IncomingMessage;
  query: URLSearchParams;
  policy: Policy;
}

/** @throws B2cError if the transaction has ended or belongs to another browser */
export function requireOwnTransaction(exchange: PageRequest): Transaction {
  const { tenant, query, policy, request } = exchange;
  const transaction = tenant.transactions.get(query.get('tx') ?? '');
  const isOwn =
    transaction?.csrf === readCsrfCookie(request) && transaction?.request.policy === policy;
  if (!transaction || !isOwn) throw new B2cError('AADB2C90046');
  return transaction;
}

/** @throws B2cError also if no page of the transaction sent the request */
export function requireTransaction(exchange: PageRequest, sent: URLSearchParams): Transaction {
  const transaction = requireOwnTransaction(exchange);
  const token = exchange.request.headers['x-csrf-token'] ?? sent.get('csrf_token');
  if (token !== transaction.csrf) throw new B2cError('AADB2C90046');
  return transaction;
}
