import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { withAudienceCheck } from '../http/fetch-metadata.ts';
import { findPath } from '../http/request.ts';
import { createRouter, type Route } from '../http/router.ts';
import type { HeaderList } from '../http/security-headers.ts';
import type { ErrorResponder } from './error-responder.ts';

/** Connect-style. Returns a promise if the response is asynchronous, otherwise what `next` returns. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => unknown,
) => void | Promise<void>;

/** Handles these routes and passes all other requests to `next`. */
export function createDispatch(routes: readonly Route[], fail: ErrorResponder): Middleware {
  const router = createRouter(routes.map(withAudienceCheck));
  return (request, response, next) => {
    const match = router(request.method ?? '', findPath(request));
    // Before `try`: errors of the next handler are not handled here.
    if (match.kind === 'unknown-path') return next() as void | Promise<void>;
    const failed = (error: unknown, headers?: HeaderList) =>
      fail(request, response, error, headers);
    if (match.kind === 'other-methods') {
      const error = new SignInError('method_not_allowed', 'the path does not allow this method');
      return failed(error, ['Allow', match.allow]);
    }
    try {
      const handled: unknown = match.handler(request, response);
      return handled instanceof Promise ? handled.catch(failed) : undefined;
    } catch (error) {
      return failed(error);
    }
  };
}

/** The program's response to requests that no route handles. */
export function respondNotFound(
  request: IncomingMessage,
  response: ServerResponse,
  fail: ErrorResponder,
): Promise<void> {
  if (findPath(request) === undefined) {
    return fail(request, response, new SignInError('bad_request', 'ambiguous request target'));
  }
  if (METHODS.has(request.method ?? '')) {
    return fail(request, response, new SignInError('not_found', 'no such path'));
  }
  const error = new SignInError('method_not_allowed', 'no path allows this method');
  return fail(request, response, error, ['Allow', [...METHODS].join(', ')]);
}

// The methods that at least one path allows.
const METHODS = new Set(['GET', 'HEAD', 'POST']);
