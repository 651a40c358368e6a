import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseTraceId } from '../http/trace-context.ts';
import { MAIN_SIGN_IN } from '../oidc/policy.ts';
import { hashSessionId } from '../session/session.ts';
import type { AppContext } from './app-context.ts';

// Not "cookies": that would also delete the attempts of other tabs, and cookies of other applications of the
// same site.
const CLEAR_SITE_DATA = ['Clear-Site-Data', '"cache", "storage"'];

/** Ends this browser's session here, then redirects to the provider's end-session endpoint. */
export async function signOutAndRedirect(
  request: IncomingMessage,
  response: ServerResponse,
  {
    browserSessions,
    relyingParties,
    pagesFor,
    respond,
    log,
    paths,
  }: Pick<
    AppContext,
    'browserSessions' | 'relyingParties' | 'pagesFor' | 'respond' | 'log' | 'paths'
  >,
): Promise<void> {
  const visitor = await browserSessions.signOut(request, response);
  if (visitor) {
    log.info('sign_out', {
      session: hashSessionId(visitor.sessionKey),
      traceId: parseTraceId(request),
    });
  }
  const { tenant, policy } = visitor ?? MAIN_SIGN_IN;
  // The tenant may no longer be configured: the session still ends here.
  const endSessionUrl = await relyingParties
    .get(tenant)
    ?.buildEndSessionUrl(policy, visitor?.tokens.idToken);
  if (!endSessionUrl) {
    return respond.empty(response, 303, ['Location', paths.postSignOut, ...CLEAR_SITE_DATA]);
  }
  // A page that redirects, with status 200: Chromium applies `form-action 'self'` to every redirect after the
  // POST, and would silently stop here.
  const pages = pagesFor(request, visitor);
  const headers = [...pages.headers, ...CLEAR_SITE_DATA];
  respond.html(response, 200, pages.signingOut({ href: endSessionUrl.href }), headers);
}
