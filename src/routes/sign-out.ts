import type { IncomingMessage, ServerResponse } from 'node:http';
import { requireSameOrigin } from '../http/csrf.ts';
import { formOf, hasBody } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { sessionName } from '../session/session.ts';
import type { Parts } from './parts.ts';

// Not "cookies": that would forget the sign-ins under way in other tabs, and those of other applications
// of the same site.
const CLEAR_SITE_DATA = ['Clear-Site-Data', '"cache", "storage"'];

/** A page that asks, and the POST that signs out: here first, then at the provider. */
export function signOutRoute(parts: Parts): Route {
  const { visitors, pages, respond, paths, origin } = parts;
  return {
    path: paths.signOut,
    methods: {
      async GET(request, response) {
        const visitor = await visitors.of(request);
        if (!visitor) return respond.redirect(response, 302, paths.postSignOut);
        respond.html(response, 200, pages.signOut({ viewer: visitor.user }));
      },
      async POST(request, response) {
        requireSameOrigin(request, origin);
        // Nothing in it matters; but what is no form, or too much, is not from here.
        if (hasBody(request)) await formOf(request);
        await leave(request, response, parts);
      },
    },
  };
}

/** Signs this browser out: here first, and then leads it on to the provider. */
export async function leave(
  request: IncomingMessage,
  response: ServerResponse,
  { visitors, relyingParty, pages, respond, log, paths }: Parts,
): Promise<void> {
  const visitor = await visitors.signOut(request, response);
  if (visitor) log.info('sign_out', { session: sessionName(visitor.sessionKey) });
  const { policy = 'signIn', tokens } = visitor ?? {};
  const address = await relyingParty.endSessionAddress(policy, tokens?.idToken);
  if (!address) {
    return respond.empty(response, 303, ['Location', paths.postSignOut, ...CLEAR_SITE_DATA]);
  }
  // A 200 page that leads on, not a redirect: Chromium holds `form-action 'self'` against every hop
  // that follows the POST, and would stop here without a word.
  respond.html(response, 200, pages.leaving({ href: address.href }), CLEAR_SITE_DATA);
}

/** Where the provider sends the browser after signing out. It changes nothing by itself. */
export function postSignOutRoute({ visitors, pages, respond, paths }: Parts): Route {
  return {
    path: paths.postSignOut,
    methods: {
      async GET(request, response) {
        const visitor = await visitors.of(request, { slide: false });
        respond.html(
          response,
          200,
          visitor ? pages.status({ viewer: visitor.user }) : pages.signedOut(),
        );
      },
    },
  };
}
