import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { withAudienceCheck } from '../http/fetch-metadata.ts';
import { findPath } from '../http/request.ts';
import { createRouter, type Route } from '../http/router.ts';
import type { HeaderList } from '../http/security-headers.ts';
import type { ErrorResponder } from './error-responder.ts';

/** Connect-style. Gives a promise where the answer is still to come, or what `next` gives. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => unknown,
) => void | Promise<void>;

/** Answers these routes and hands everything else on. */
export function createDispatch(routes: readonly Route[], fail: ErrorResponder): Middleware {
  const router = createRouter(routes.map(withAudienceCheck));
  return (request, response, next) => {
    const match = router(request.method ?? '', findPath(request));
    // Ahead of `try`, because what goes wrong further on is not for this site to answer.
    if (match.kind === 'unknown-path') return next() as void | Promise<void>;
    const failed = (error: unknown, more?: HeaderList) => fail(request, response, error, more);
    if (match.kind === 'other-methods') {
      const error = new SignInError('method_not_allowed', 'no such method here');
      return failed(error, ['Allow', match.allow]);
    }
    try {
      const answered: unknown = match.handler(request, response);
      return answered instanceof Promise ? answered.catch(failed) : undefined;
    } catch (error) {
      return failed(error);
    }
  };
}

/** What the program says of everything that is handed on. */
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
  const error = new SignInError('method_not_allowed', 'no such method anywhere');
  return fail(request, response, error, ['Allow', [...METHODS].join(', ')]);
}

// Those that any path of this server takes.
const METHODS = new Set(['GET', 'HEAD', 'POST']);
