import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalPath } from '../http/local-path.ts';
import { MAIN_SIGN_IN } from '../oidc/policy.ts';
import { findPolicy } from '../oidc/relying-parties.ts';
import type { AppContext } from './app-context.ts';
import { parseLinkParameters } from './link-parameters.ts';
import { withReturnPath } from './paths.ts';

/** Responds to a page navigation without a session: the 401 page, or with `signedOutPages` a redirect to sign-in. */
export function respondUnauthenticated(
  request: IncomingMessage,
  response: ServerResponse,
  {
    returnTo,
    context: { signedOutPages, respond, pagesFor, paths, relyingParties },
  }: {
    returnTo: LocalPath;
    context: Pick<
      AppContext,
      'signedOutPages' | 'respond' | 'pagesFor' | 'paths' | 'relyingParties'
    >;
  },
): void {
  if (signedOutPages === 'redirect') {
    const policy = findPolicy(relyingParties, MAIN_SIGN_IN);
    const parameters = policy && parseLinkParameters(request, policy);
    respond.redirect(response, 302, withReturnPath(paths.signIn, returnTo, parameters));
  } else {
    const pages = pagesFor(request);
    respond.html(response, 401, pages.unauthorized({ returnTo }), pages.headers);
  }
}
