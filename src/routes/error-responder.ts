import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeThrown, ERROR_CODES, SignInError } from '../errors.ts';
import { HttpError } from '../http/http-error.ts';
import type { HeaderList } from '../http/security-headers.ts';
import { parseTraceId } from '../http/trace-context.ts';
import { shortHash } from '../log/log.ts';
import { formatPolicyRef } from '../oidc/policy.ts';
import { explainCode } from '../oidc/provider-codes.ts';
import { findPolicy } from '../oidc/relying-parties.ts';
import type { DeveloperModel, ErrorModel, Viewer } from '../pages/render.ts';
import type { AppContext } from './app-context.ts';
import { toViewer } from './page-models.ts';
import { withReturnPath } from './paths.ts';

/** Responds to a request that failed, with a page or, for API requests, with JSON; writes one log line. */
export type ErrorResponder = (
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  headers?: HeaderList,
) => Promise<void>;

type Context = Pick<
  AppContext,
  | 'pagesFor'
  | 'respond'
  | 'log'
  | 'paths'
  | 'relyingParties'
  | 'browserSessions'
  | 'showErrorDetails'
>;

const DOCTOR_HINT = 'if it persists, run the doctor command (docs/doctor.md)';
const RETRY_AFTER = ['Retry-After', '5'];

export function createErrorResponder(context: Context): ErrorResponder {
  const { pagesFor, respond, log, browserSessions, showErrorDetails } = context;
  return async (request, response, thrown, moreHeaders = []) => {
    const error = asSignInError(thrown);
    const { status } = ERROR_CODES[error.code];
    const correlationId = randomUUID();
    logError(log, error, { correlationId, traceId: parseTraceId(request) });
    // Too late for a page: what has been sent must not look complete.
    if (response.headersSent) return void response.destroy();

    const headers = status === 503 ? [...moreHeaders, ...RETRY_AFTER] : moreHeaders;
    if (wantsJson(request)) {
      return respond.json(response, status, { error: error.code, correlationId }, headers);
    }
    const viewer = await findViewer(request, error, browserSessions);
    const pages = pagesFor(request, error.attempt);
    const page = pages.error({
      code: error.code,
      link: chooseLink(error, viewer, context),
      correlationId,
      providerCorrelationId: error.providerCorrelationId,
      viewer,
      developer: showErrorDetails ? toDeveloperModel(error) : undefined,
    });
    respond.html(response, status, page, [...headers, ...pages.headers]);
  };
}

function asSignInError(thrown: unknown): SignInError {
  if (thrown instanceof SignInError) return thrown;
  if (thrown instanceof HttpError) return new SignInError(thrown.code, thrown.message);
  return new SignInError('internal_error', describeThrown(thrown), { cause: thrown });
}

function logError(
  log: Context['log'],
  { code, message: detail, attempt, ...provider }: SignInError,
  ids: { correlationId: string; traceId: string | undefined },
): void {
  const { providerCode, providerError, providerCorrelationId } = provider;
  const { status, event, level, doctor } = ERROR_CODES[code];
  log[level](event, {
    ...{ code, status, providerCode, providerError, providerCorrelationId, detail, ...ids },
    advice: doctor ? DOCTOR_HINT : undefined,
    policy: attempt && formatPolicyRef(attempt),
    attempt: attempt?.state && shortHash(attempt.state),
  });
}

/** The signed-in user, for the header of the page. */
async function findViewer(
  request: IncomingMessage,
  { code }: SignInError,
  browserSessions: Context['browserSessions'],
): Promise<Viewer | undefined> {
  // Another site may be able to read the first; the second would only fail again.
  if (code === 'fetch_refused' || code === 'store_unreachable') return undefined;
  try {
    const atCallback = code === 'callback_without_attempt' || code === 'attempt_used';
    const visitor = await browserSessions.of(request, { slide: false, atCallback });
    return visitor && toViewer(visitor.user);
  } catch {
    return undefined; // The store is down: the page shows no name.
  }
}

/** A signed-in user only needs a new sign-in to repeat a known attempt. */
function chooseLink(
  { code, attempt }: SignInError,
  viewer: Viewer | undefined,
  { paths, relyingParties }: Pick<AppContext, 'paths' | 'relyingParties'>,
): ErrorModel['link'] {
  const { next } = ERROR_CODES[code];
  if (next === 'home' || (viewer && !attempt)) return { href: paths.home, next: 'home' };
  // The URL of this page: the parameters of the link appear in no page.
  if (attempt?.isLink) return { href: '', next: 'signIn' };
  const start = attempt && findPolicy(relyingParties, attempt)?.path;
  const returnTo = attempt?.returnTo ?? paths.home;
  const restart = attempt?.restartId ? { restart: attempt.restartId } : {};
  return { href: withReturnPath(start ?? paths.signIn, returnTo, restart), next: 'signIn' };
}

function toDeveloperModel(error: SignInError): DeveloperModel {
  const { code, message: detail, providerCode, providerError } = error;
  return { code, detail, providerCode, providerError, ...explainCode(providerCode) };
}

function wantsJson({ headers }: IncomingMessage): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}
