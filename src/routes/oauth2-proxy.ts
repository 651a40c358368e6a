import type { IncomingMessage } from 'node:http';
import { parseLocalPath } from '../http/local-path.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { type AppContext, safeReturnTarget } from './app-context.ts';
import { withReturnPath } from './paths.ts';

/**
 * The routes of oauth2-proxy. They redirect to sign-in and sign-out on the host of `baseUrl`, from
 * every host of an application. None without `gate`.
 */
export function oauth2ProxyRoutes(parts: AppContext): Route[] {
  const { gate, paths, respond, origin } = parts;
  if (!gate) return [];
  const { start, signIn, signOut } = paths.gate.oauth2;
  const toSignIn: Route['methods'] = {
    GET(request, response) {
      const path = withReturnPath(paths.signIn, findReturnTarget(request, parts));
      respond.redirect(response, 302, new URL(path, origin));
    },
  };
  const toSignOut: Route['methods'] = {
    GET: (_request, response) => respond.redirect(response, 302, new URL(paths.signOut, origin)),
  };
  return [
    { path: start, audience: 'anyone', methods: toSignIn },
    { path: signIn, audience: 'anyone', methods: toSignIn },
    { path: signOut, audience: 'anyone', methods: toSignOut },
  ];
}

/** `rd`, or else the header of nginx. A path is a path on the host that the browser requested. */
function findReturnTarget(request: IncomingMessage, parts: AppContext) {
  const query = parseQuery(request);
  const returnTo = query.has('rd')
    ? singleValue(query, 'rd')
    : (request.headers['x-auth-request-redirect'] as string | undefined);
  const path = parseLocalPath(returnTo);
  const host = path && parts.findOriginalHost(request);
  if (!host) return safeReturnTarget(returnTo, parts);
  return safeReturnTarget(`${new URL(parts.origin).protocol}//${host}${path}`, parts);
}
