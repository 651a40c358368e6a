import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeThrown, SignInError, type SignInErrorCode } from '../errors.ts';
import type { HeaderList } from '../http/security-headers.ts';
import { parseTraceId } from '../http/trace-context.ts';
import { type LineLevel, type LogEvent, shortHash } from '../log/log.ts';
import { formatPolicyRef } from '../oidc/policy.ts';
import { explainCode } from '../oidc/provider-codes.ts';
import { findPolicy } from '../oidc/relying-parties.ts';
import { type ErrorPage, errorPageFor } from '../pages/error-page.ts';
import type { DeveloperModel, ErrorModel, Viewer } from '../pages/render.ts';
import type { AppContext } from './app-context.ts';
import { toViewer } from './page-models.ts';
import { withReturnPath } from './paths.ts';

/** Answers a request that failed: a page, or JSON for a script, and one line in the log. */
export type ErrorResponder = (
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  more?: HeaderList,
) => Promise<void>;

// Everyday refusals; whatever is not here went wrong on the way of somebody who was signing in.
const EVENTS: Partial<Record<SignInErrorCode, LogEvent>> = {
  bad_request: 'request_failed',
  not_found: 'request_failed',
  method_not_allowed: 'request_failed',
  body_too_large: 'request_failed',
  unsupported_media_type: 'request_failed',
  not_signed_in: 'request_failed',
  not_allowed: 'request_failed',
  store_unreachable: 'request_failed',
  internal_error: 'request_failed',
  csrf_refused: 'csrf_refused',
  fetch_refused: 'fetch_refused',
};

// With these nobody can sign in, and the doctor finds out why.
const DOCTOR_CODES = new Set<SignInErrorCode>([
  'client_refused',
  'metadata_refused',
  'provider_unreachable',
  'registration_refused',
]);
const DOCTOR_HINT = 'if it lasts, run the command doctor (docs/doctor.md)';

export function createErrorResponder(
  parts: Pick<
    AppContext,
    | 'pagesFor'
    | 'respond'
    | 'log'
    | 'paths'
    | 'relyingParties'
    | 'browserSessions'
    | 'showErrorDetails'
  >,
): ErrorResponder {
  const { pagesFor, respond, log, browserSessions, showErrorDetails } = parts;
  const shownViewer = async (request: IncomingMessage, code: SignInErrorCode) => {
    // Refused because another site may be listening; or there is nobody to ask.
    if (code === 'fetch_refused' || code === 'store_unreachable') return undefined;
    try {
      const visitor = await browserSessions.of(request, { slide: false });
      return visitor && toViewer(visitor.user);
    } catch {
      return undefined; // the store is what failed: the page comes without a name
    }
  };
  return async (request, response, thrown, more = []) => {
    const error =
      thrown instanceof SignInError
        ? thrown
        : new SignInError('internal_error', describeThrown(thrown), { cause: thrown });
    const { status, next } = errorPageFor(error.code);
    const correlationId = randomUUID();
    const { providerCode, providerCorrelationId, code, message: detail } = error;
    const fields = {
      ...{ code, status, correlationId, providerCode, providerCorrelationId, detail },
      advice: DOCTOR_CODES.has(code) ? DOCTOR_HINT : undefined,
      policy: error.attempt && formatPolicyRef(error.attempt),
      attempt: error.attempt?.state && shortHash(error.attempt.state),
      traceId: parseTraceId(request),
    };
    const event = EVENTS[code] ?? 'sign_in_failed';
    log[chooseLevel(event, { code, status })](event, fields);
    // Too late for a page: what has been sent must not look complete.
    if (response.headersSent) return void response.destroy();

    const headers = status === 503 ? [...more, 'Retry-After', '5'] : more;
    if (wantsJson(request)) {
      return respond.json(response, status, { error: code, correlationId }, headers);
    }
    const viewer = await shownViewer(request, code);
    const link = chooseLink(error, { next, viewer, parts });
    const developer = showErrorDetails ? toDeveloperModel(error) : undefined;
    const model = { code, link, correlationId, providerCorrelationId, viewer, developer };
    const pages = pagesFor(request, error.attempt);
    respond.html(response, status, pages.error(model), [...headers, ...pages.headers]);
  };
}

function toDeveloperModel({ code, message, providerCode }: SignInError): DeveloperModel {
  return { code, detail: message, providerCode, ...explainCode(providerCode) };
}

// Whoever is signed in need not start again, unless what he had begun is known.
function chooseLink(
  { attempt }: SignInError,
  {
    next,
    viewer,
    parts: { paths, relyingParties },
  }: {
    next: ErrorPage['next'];
    viewer: Viewer | undefined;
    parts: Pick<AppContext, 'paths' | 'relyingParties'>;
  },
): ErrorModel['link'] {
  if (next === 'home' || (viewer && !attempt)) return { href: paths.home, next: 'home' };
  const start = attempt && findPolicy(relyingParties, attempt)?.path;
  const returnTo = attempt?.returnTo ?? paths.home;
  return { href: withReturnPath(start ?? paths.signIn, returnTo), next: 'signIn' };
}

// The provider's "no" is an ordinary end of a sign-in; a callback in disorder may be an attack.
const EXPECTED_FAILURES = new Set<SignInErrorCode>(['sign_in_refused', 'provider_refused']);

function chooseLevel(
  event: LogEvent,
  { code, status }: { code: SignInErrorCode; status: number },
): LineLevel {
  if (status >= 500) return 'error';
  if (event === 'request_failed') return 'debug';
  return EXPECTED_FAILURES.has(code) ? 'info' : 'warn';
}

function wantsJson({ headers }: IncomingMessage): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}
