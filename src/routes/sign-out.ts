import { requireSameOrigin } from '../http/csrf.ts';
import { hasBody, parseForm } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import type { AppContext } from './app-context.ts';
import { toStatusModel, toViewer } from './page-models.ts';
import { signOutAndRedirect } from './sign-out-redirect.ts';

/** GET asks for confirmation. POST signs out: here first, then at the provider. */
export function signOutRoute(context: AppContext): Route {
  const { browserSessions, pagesFor, respond, paths, origin } = context;
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
        // The fields are not used, but a body that is too long or not a form is rejected.
        if (hasBody(request)) await parseForm(request);
        await signOutAndRedirect(request, response, context);
      },
    },
  };
}

/** The post-logout redirect URI. It changes nothing. */
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
