import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseCookies } from '../../http/cookies.ts';
import type { Policy } from '../definition/policy.ts';
import type { PageSession } from '../pages/page-links.ts';
import type { JourneyRun } from '../policy/run.ts';
import { createExpiringMap, type ExpiringMap } from '../state/expiring-map.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { encodeJson } from '../tokens/jwt.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { ProviderReply } from './provider-claims.ts';

/** A journey of the policy engine whose user is on the hosted pages. */
export interface HostedRun extends PageSession {
  request: AuthorizationRequest;
  run: JourneyRun;
  /** The answer of a simulated identity provider. */
  providerReply?: ProviderReply;
  /** The form that is being handled. A second one waits for it. */
  busy: Promise<unknown>;
}

/** By `tx`. */
export type HostedRuns = ExpiringMap<HostedRun>;

export const CSRF_COOKIE = 'x-ms-cpim-csrf';

export const readCsrfCookie = (request: IncomingMessage): string | undefined =>
  parseCookies(request)[CSRF_COOKIE];

// Long enough to wait for an email.
const LIFETIME_MS = 30 * 60_000;

export const createHostedRuns = (now: () => number): HostedRuns =>
  createExpiringMap({ lifetimeMs: LIFETIME_MS, maxEntries: 10_000, now });

export function createHostedRun(
  request: AuthorizationRequest,
  run: JourneyRun,
  { csrf, basePath }: { csrf: string | undefined; basePath: string },
): HostedRun {
  return {
    id: `StateProperties=${encodeJson({ TID: randomUUID() })}`,
    csrf: csrf || randomBytes(32).toString('base64url'),
    pageViewId: randomUUID(),
    policyName: request.policy.name,
    busy: Promise.resolve(),
    ...{ basePath, request, run },
  };
}

/** A request to a hosted page. */
interface PageRequest {
  tenant: { hostedRuns: HostedRuns };
  request: IncomingMessage;
  query: URLSearchParams;
  policy: Pick<Policy, 'name'>;
}

/** @throws B2cError if the journey has ended or belongs to another browser */
export function requireOwnRun({ tenant, query, policy, request }: PageRequest): HostedRun {
  const hosted = tenant.hostedRuns.get(query.get('tx') ?? '');
  const isOwn =
    hosted?.csrf === readCsrfCookie(request) && hosted?.request.policy.name === policy.name;
  if (!hosted || !isOwn) throw new B2cError('AADB2C90046');
  return hosted;
}

/** @throws B2cError also if no page of the journey sent the request */
export function requireRun(exchange: PageRequest, sent: URLSearchParams): HostedRun {
  const hosted = requireOwnRun(exchange);
  const token = exchange.request.headers['x-csrf-token'] ?? sent.get('csrf_token');
  if (token !== hosted.csrf) throw new B2cError('AADB2C90046');
  return hosted;
}

/** Handles the requests of one journey one after the other. */
export function inTurn<Result>(hosted: HostedRun, action: () => Promise<Result>): Promise<Result> {
  const result = hosted.busy.then(action);
  hosted.busy = result.catch(() => {});
  return result;
}
