import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseQuery } from '../http/request.ts';
import type { Handler, Route } from '../http/router.ts';
import type { CurrentSession } from '../visitor/browser-sessions.ts';
import type { AppContext } from './app-context.ts';
import { toStatusModel, toViewer } from './page-models.ts';
import { respondUnauthenticated } from './unauthenticated.ts';

/** The status page, which everybody may see. */
export function statusRoutes({ browserSessions, pagesFor, respond, paths }: AppContext): Route[] {
  const show = (
    request: IncomingMessage,
    response: ServerResponse,
    visitor: CurrentSession | undefined,
  ) => {
    const pages = pagesFor(request, visitor);
    const page = pages.status(toStatusModel(visitor));
    respond.html(response, 200, page, pages.headers);
  };
  const GET: Handler = (request, response) => {
    const found = browserSessions.of(request);
    if (!found) return show(request, response, undefined);
    return found.then((visitor) => show(request, response, visitor));
  };
  return [paths.home, paths.status].map((path) => ({ path, methods: { GET } }));
}

/** The claims of the ID token, for those who are signed in. */
export function tokenDetailsRoutes(parts: AppContext): Route[] {
  const { browserSessions, pagesFor, respond, paths } = parts;
  return [paths.tokenDetails, paths.tokenDetailsShort].map((path) => ({
    path,
    methods: {
      async GET(request, response) {
        const visitor = await browserSessions.of(request);
        if (!visitor) return respondUnauthenticated(request, response, { returnTo: path, parts });
        const pages = pagesFor(request, visitor);
        const { user } = visitor;
        const page = pages.tokenDetails({ viewer: toViewer(user), claims: user.claims });
        respond.html(response, 200, page, pages.headers);
      },
    },
  }));
}

/** Who is signed in, for scripts. */
export function meRoute({ browserSessions, respond, paths }: AppContext): Route {
  return {
    path: paths.me,
    audience: 'own-scripts',
    methods: {
      async GET(request, response) {
        const slide = parseQuery(request).get('slide') !== 'false';
        const visitor = await browserSessions.of(request, { slide });
        if (!visitor) {
          return respond.json(response, 401, { signedIn: false, signInUrl: paths.signIn });
        }
        const { user, idleExpiresAt: expiresAt } = visitor;
        respond.json(response, 200, { signedIn: true, user, expiresAt });
      },
    },
  };
}
