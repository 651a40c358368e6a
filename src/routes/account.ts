import { parseQuery } from '../http/request.ts';
import type { Handler, Route } from '../http/router.ts';
import type { AppContext } from './app-context.ts';
import { toStatusModel, toViewer } from './page-models.ts';
import { respondUnauthenticated } from './unauthenticated.ts';

/** The status page, for visitors and signed-in users. */
export function statusRoutes({ browserSessions, pagesFor, respond, paths }: AppContext): Route[] {
  const GET: Handler = async (request, response) => {
    const visitor = await browserSessions.of(request);
    const pages = pagesFor(request, visitor);
    const page = pages.status(toStatusModel(visitor));
    respond.html(response, 200, page, pages.headers);
  };
  return [paths.home, paths.status].map((path) => ({ path, methods: { GET } }));
}

/** The claims of the ID token, for signed-in users. */
export function tokenDetailsRoutes(context: AppContext): Route[] {
  const { browserSessions, pagesFor, respond, paths } = context;
  return [paths.tokenDetails, paths.tokenDetailsShort].map((path) => ({
    path,
    methods: {
      async GET(request, response) {
        const visitor = await browserSessions.of(request);
        if (!visitor) return respondUnauthenticated(request, response, { returnTo: path, context });
        const pages = pagesFor(request, visitor);
        const { user } = visitor;
        const page = pages.tokenDetails({ viewer: toViewer(user), claims: user.claims });
        respond.html(response, 200, page, pages.headers);
      },
    },
  }));
}

/** The signed-in user, as JSON for scripts of this site. */
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
