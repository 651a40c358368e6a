import type { IncomingMessage, ServerResponse } from 'node:http';
import { queryOf } from '../http/request.ts';
import type { Handler, Route } from '../http/router.ts';
import type { CurrentVisitor } from '../visitor/signed-in.ts';
import type { Parts } from './parts.ts';
import { statusModelOf, viewerOf } from './shown-visitor.ts';
import { answerSignedOut } from './signed-out.ts';

/** The status page, which everybody may see. */
export function statusRoutes({ visitors, pagesFor, respond, paths }: Parts): Route[] {
  const show = (
    request: IncomingMessage,
    response: ServerResponse,
    visitor: CurrentVisitor | undefined,
  ) => {
    const pages = pagesFor(request, visitor);
    const page = pages.status(statusModelOf(visitor));
    respond.html(response, 200, page, pages.headers);
  };
  const GET: Handler = (request, response) => {
    const found = visitors.of(request);
    if (!found) return show(request, response, undefined);
    return found.then((visitor) => show(request, response, visitor));
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
        if (!visitor) return answerSignedOut(request, response, { returnTo: path, parts });
        const pages = pagesFor(request, visitor);
        const { user } = visitor;
        const page = pages.tokenDetails({ viewer: viewerOf(user), claims: user.claims });
        respond.html(response, 200, page, pages.headers);
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
