import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalPath } from '../http/local-path.ts';
import type { AppContext } from './app-context.ts';
import { withReturnPath } from './paths.ts';

/** Responds to a page navigation without a session: the 401 page, or with `signedOutPages` a redirect to sign-in. */
export function respondUnauthenticated(
  request: IncomingMessage,
  response: ServerResponse,
  {
    returnTo,
    context: { signedOutPages, respond, pagesFor, paths },
  }: {
    returnTo: LocalPath;
    context: Pick<AppContext, 'signedOutPages' | 'respond' | 'pagesFor' | 'paths'>;
  },
): void {
  if (signedOutPages === 'redirect') {
    respond.redirect(response, 302, withReturnPath(paths.signIn, returnTo));
  } else {
    const pages = pagesFor(request);
    respond.html(response, 401, pages.unauthorized({ returnTo }), pages.headers);
  }
}
