import type { IncomingMessage } from 'node:http';
import { isLoopback, LOOPBACK_NAMES } from '../config/urls.ts';
import { getRequestTarget } from '../http/request.ts';
import type { Responder } from '../http/response.ts';
import type { Route } from '../http/router.ts';

// A proxy may set `Host` to another name: redirecting away from it would loop.
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host'];

/**
 * Returns the routes with a redirect from other loopback names to the one of `baseUrl`: browsers do not send
 * the cookies of 127.0.0.1 to localhost, where a sign-in ends.
 */
export function redirectLoopbackAlias(
  routes: readonly Route[],
  { baseUrl, respond }: { baseUrl: URL; respond: Responder },
): readonly Route[] {
  if (!isLoopback(baseUrl)) return routes;
  // Another program may listen on another port.
  const end = baseUrl.port && `:${baseUrl.port}`;
  const otherHosts = LOOPBACK_NAMES.filter((name) => name !== baseUrl.hostname).map(
    (name) => name + end,
  );
  const isAlias = ({ headers }: IncomingMessage) =>
    otherHosts.includes(headers.host ?? '') && !PROXY_HEADERS.some((name) => headers[name]);
  return routes.map(({ methods: { GET, ...others }, ...route }) => ({
    ...route,
    methods: {
      ...others,
      GET: (request, response) =>
        isAlias(request)
          ? respond.redirect(response, 302, new URL(baseUrl.origin + getRequestTarget(request)))
          : GET?.(request, response),
    },
  }));
}
