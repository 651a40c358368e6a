import type { IncomingMessage } from 'node:http';
import { isLoopback, LOOPBACK_NAMES } from '../config/urls.ts';
import { getRequestTarget } from '../http/request.ts';
import type { Responder } from '../http/response.ts';
import type { Route } from '../http/router.ts';

// Whoever passes requests on may have put a name of its own into `Host`: to lead away from that would lead in circles.
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host'];

/**
 * These routes, for people who come by the name of this machine that `baseUrl` has, and for others only
 * the way there: the cookies of 127.0.0.1 do not come to localhost, where a sign-in ends.
 */
export function redirectLoopbackAlias(
  routes: readonly Route[],
  { baseUrl, respond }: { baseUrl: URL; respond: Responder },
): readonly Route[] {
  if (!isLoopback(baseUrl)) return routes;
  // Of another port nobody knows what listens there.
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
