import { requireSameOrigin } from '../http/csrf.ts';
import { hasBody, parseForm } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import type { AppContext } from './app-context.ts';
import { toStatusModel, toViewer } from './page-models.ts';
import { signOutAndRedirect } from './sign-out-redirect.ts';

/** A page that asks, and the POST that signs out: here first, then at the provider. */
export function signOutRoute(parts: AppContext): Route {
  const { browserSessions, pagesFor, respond, paths, origin } = parts;
  return {
    path: paths.signOut,
    methods: {
      async GET(request, response) {
        const visitor = await browserSessions.of(request);
        if (!visitor) return respond.redirect(response, 302, paths.postSignOut);
        const pages = pagesFor(request, visitor);
        const page = pages.signOut({ viewer: toViewer(visitor.user) });
        respond.html(response, 200, page, pages.headers);
      },
      async POST(request, response) {
        requireSameOrigin(request, origin);
        // Nothing in it matters; but what is no form, or too much, is not from here.
        if (hasBody(request)) await parseForm(request);
        await signOutAndRedirect(request, response, parts);
      },
    },
  };
}

/** Where the provider sends the browser after signing out. It changes nothing by itself. */
export function postSignOutRoute({ browserSessions, pagesFor, respond, paths }: AppContext): Route {
  return {
    path: paths.postSignOut,
    methods: {
      async GET(request, response) {
        const visitor = await browserSessions.of(request, { slide: false });
        const pages = pagesFor(request, visitor);
        const page = visitor ? pages.status(toStatusModel(visitor)) : pages.signedOut();
        respond.html(response, 200, page, pages.headers);
      },
    },
  };
}
