import { queryOf } from '../http/request.ts';
import type { Handler, Route } from '../http/router.ts';
import type { Parts } from './parts.ts';
import { answerSignedOut } from './signed-out.ts';

/** The status page, which everybody may see. */
export function statusRoutes({ visitors, pages, pagesFor, respond, paths }: Parts): Route[] {
  // The same for everybody who is not signed in, so it is rendered once.
  const signedOutPage = pages.status({});
  const GET: Handler = (request, response) => {
    const found = visitors.of(request);
    if (!found) return respond.html(response, 200, signedOutPage);
    return found.then((visitor) => {
      const page = visitor ? pagesFor(visitor).status({ viewer: visitor.user }) : signedOutPage;
      respond.html(response, 200, page);
    });
  };
  return [paths.home, paths.status].map((path) => ({ path, methods: { GET } }));
}

/** The claims of the ID token, for those who are signed in. */
export function tokenDetailsRoutes(parts: Parts): Route[] {
  const { visitors, pagesFor, respond, paths } = parts;
  return [paths.tokenDetails, paths.tokenDetailsShort].map((path) => ({
    path,
    methods: {
      async GET(request, response) {
        const visitor = await visitors.of(request);
        if (!visitor) return answerSignedOut(response, path, parts);
        const { user } = visitor;
        const page = pagesFor(visitor).tokenDetails({ viewer: user, claims: user.claims });
        respond.html(response, 200, page);
      },
    },
  }));
}

/** Who is signed in, for scripts. */
export function meRoute({ visitors, respond, paths }: Parts): Route {
  return {
    path: paths.me,
    audience: 'own-scripts',
    methods: {
      async GET(request, response) {
        const slide = queryOf(request).get('slide') !== 'false';
        const visitor = await visitors.of(request, { slide });
        if (!visitor) {
          return respond.json(response, 401, { signedIn: false, signInUrl: paths.signIn });
        }
        const { user, idleExpiresAt: expiresAt } = visitor;
        respond.json(response, 200, { signedIn: true, user, expiresAt });
      },
    },
  };
}
