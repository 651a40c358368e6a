import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalPath } from '../http/local-path.ts';
import type { AppContext } from './app-context.ts';
import { withReturnPath } from './paths.ts';

/** What a protected page does with a visitor who is not signed in, as `signedOutPages` says. */
export function respondUnauthenticated(
  request: IncomingMessage,
  response: ServerResponse,
  {
    returnTo,
    parts: { signedOutPages, respond, pagesFor, paths },
  }: { returnTo: LocalPath; parts: AppContext },
): void {
  if (signedOutPages === 'redirect') {
    respond.redirect(response, 302, withReturnPath(paths.signIn, returnTo));
  } else {
    const pages = pagesFor(request);
    respond.html(response, 401, pages.unauthorized({ returnTo }), pages.headers);
  }
}
