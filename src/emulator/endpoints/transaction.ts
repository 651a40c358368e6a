import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseCookies } from '../../http/cookies.ts';
import type { Policy } from '../definition/policy.ts';
import type { PageSession } from '../pages/page-links.ts';
import type { JourneyRun, ProviderVisit } from '../policy/run.ts';
import { createExpiringMap, type ExpiringMap } from '../state/expiring-map.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { encodeJson } from '../tokens/jwt.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { ProviderReply } from './provider-claims.ts';

/** A journey of the policy engine whose user is on the hosted pages. */
export interface Transaction extends PageSession {
  request: AuthorizationRequest;
  run: JourneyRun;
  /** The answer of a simulated identity provider. */
  providerReply?: ProviderReply;
  /** The form that is being handled. A second one waits for it. */
  busy: Promise<unknown>;
}

/** By `tx`. */
export type Transactions = ExpiringMap<Transaction>;

export const CSRF_COOKIE = 'x-ms-cpim-csrf';

export const readCsrfCookie = (request: IncomingMessage): string | undefined =>
  parseCookies(request)[CSRF_COOKIE];

// Long enough to wait for an email.
const LIFETIME_MS = 30 * 60_000;

export const createTransactions = (now: () => number): Transactions =>
  createExpiringMap({ lifetimeMs: LIFETIME_MS, maxEntries: 10_000, now });

export function createTransaction(
  request: AuthorizationRequest,
  run: JourneyRun,
  { csrf, basePath, requestId }: { csrf: string | undefined; basePath: string; requestId: string },
): Transaction {
  return {
    // Some clients build it from the `x-request-id` of the authorization response.
    id: `StateProperties=${encodeJson({ TID: requestId })}`,
    csrf: csrf || randomBytes(32).toString('base64url'),
    pageViewId: randomUUID(),
    policyName: request.policy.name,
    busy: Promise.resolve(),
    ...{ basePath, request, run },
  };
}

/** A request to a hosted page. */
interface PageRequest {
  tenant: { transactions: Transactions };
  request: IncomingMessage;
  query: URLSearchParams;
  policy: Pick<Policy, 'name'>;
}

/** @throws B2cError if the journey has ended or belongs to another browser */
export function requireOwnTransaction({
  tenant,
  query,
  policy,
  request,
}: PageRequest): Transaction {
  const transaction = tenant.transactions.get(query.get('tx') ?? '');
  const isOwn =
    transaction?.csrf === readCsrfCookie(request) &&
    transaction?.request.policy.name === policy.name;
  if (!transaction || !isOwn) throw new B2cError('AADB2C90046');
  return transaction;
}

/** @throws B2cError also if no page of the journey sent the request */
export function requireTransaction(exchange: PageRequest, sent: URLSearchParams): Transaction {
  const transaction = requireOwnTransaction(exchange);
  const token = exchange.request.headers['x-csrf-token'] ?? sent.get('csrf_token');
  if (token !== transaction.csrf) throw new B2cError('AADB2C90046');
  return transaction;
}

/** @throws B2cError if the journey does not wait at a provider */
export function requireVisit({ run: { waiting } }: Pick<Transaction, 'run'>): ProviderVisit {
  if (waiting?.kind !== 'provider') throw new B2cError('AADB2C90046');
  return waiting;
}

/** Handles the requests of one journey one after the other. */
export function inTurn<Result>(
  transaction: Transaction,
  action: () => Promise<Result>,
): Promise<Result> {
  const result = transaction.busy.then(action);
  transaction.busy = result.catch(() => {});
  return result;
}
