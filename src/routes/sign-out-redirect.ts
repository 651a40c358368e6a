import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseTraceId } from '../http/trace-context.ts';
import { MAIN_SIGN_IN } from '../oidc/policy.ts';
import { hashSessionId } from '../session/session.ts';
import type { AppContext } from './app-context.ts';

// Not "cookies": that would forget the sign-ins under way in other tabs, and those of other applications
// of the same site.
const CLEAR_SITE_DATA = ['Clear-Site-Data', '"cache", "storage"'];

/** Signs this browser out: here first, and then leads it on to the provider. */
export async function signOutAndRedirect(
  request: IncomingMessage,
  response: ServerResponse,
  { browserSessions, relyingParties, pagesFor, respond, log, paths }: AppContext,
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
  const address = await relyingParties
    .get(tenant)
    ?.buildEndSessionUrl(policy, visitor?.tokens.idToken);
  if (!address) {
    return respond.empty(response, 303, ['Location', paths.postSignOut, ...CLEAR_SITE_DATA]);
  }
  // A 200 page that leads on, not a redirect: Chromium holds `form-action 'self'` against every hop
  // that follows the POST, and would stop here without a word.
  const pages = pagesFor(request, visitor);
  const more = [...pages.headers, ...CLEAR_SITE_DATA];
  respond.html(response, 200, pages.signingOut({ href: address.href }), more);
}
