import { requireSameOrigin } from '../http/csrf.ts';
import { formOf, hasBody } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { leave } from './leave.ts';
import type { Parts } from './parts.ts';
import { statusModelOf, viewerOf } from './shown-visitor.ts';

/** A page that asks, and the POST that signs out: here first, then at the provider. */
export function signOutRoute(parts: Parts): Route {
  const { visitors, pagesFor, respond, paths, origin } = parts;
  return {
    path: paths.signOut,
    methods: {
      async GET(request, response) {
        const visitor = await visitors.of(request);
        if (!visitor) return respond.redirect(response, 302, paths.postSignOut);
        const pages = pagesFor(request, visitor);
        const page = pages.signOut({ viewer: viewerOf(visitor.user) });
        respond.html(response, 200, page, pages.headers);
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

/** Where the provider sends the browser after signing out. It changes nothing by itself. */
export function postSignOutRoute({ visitors, pagesFor, respond, paths }: Parts): Route {
  return {
    path: paths.postSignOut,
    methods: {
      async GET(request, response) {
        const visitor = await visitors.of(request, { slide: false });
        const pages = pagesFor(request, visitor);
        const page = visitor ? pages.status(statusModelOf(visitor)) : pages.signedOut();
        respond.html(response, 200, page, pages.headers);
      },
    },
  };
}
