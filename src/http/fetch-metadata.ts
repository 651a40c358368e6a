import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';
import { isPageNavigation } from './page-navigation.ts';
import type { Audience, Handler, Route } from './router.ts';

/** The route, with a check of its audience in front of each handler. */
export function withAudienceCheck({ methods, audience = 'visitors', ...route }: Route): Route {
  const checked = Object.entries(methods).map(([method, handler]: [string, Handler | false]) => {
    if (!handler) return [method, handler];
    const check: Handler = (request, response) => {
      requireAudience(request, audience);
      return handler(request, response);
    };
    return [method, check];
  });
  return { ...route, audience, methods: Object.fromEntries(checked) };
}

/**
 * Checks a request against the audience of its route (W3C Fetch Metadata). A request without
 * `Sec-Fetch-Site` is accepted: old browsers do not send it, and no browser sends it over plain HTTP
 * except to loopback. Of POST requests only those for `navigation` are checked, such as the form_post response of a
 * provider; for all others, `requireSameOrigin` is stricter.
 * @throws {HttpError} `fetch_refused`
 */
export function requireAudience(request: IncomingMessage, audience: Audience): void {
  const { method, headers } = request;
  const isChecked = method === 'GET' || method === 'HEAD' || audience === 'navigation';
  if (audience === 'anyone' || !isChecked) return;
  const site = headers['sec-fetch-site'];
  const isSameSiteOrUnknown = site === undefined || site === 'same-origin' || site === 'none';
  const isAccepted =
    audience === 'navigation'
      ? (site === undefined || isPageNavigation(request, 'GET')) && !isPrefetch(headers)
      : isSameSiteOrUnknown || (audience === 'visitors' && isPageNavigation(request));
  if (!isAccepted) throw new HttpError('fetch_refused', `not a request of ${audience}`);
}

// Current browsers send `Sec-Purpose: prefetch;prerender`, older ones `Purpose` and `X-Moz`. The user
// has not clicked yet. After a rejected prefetch, the browser sends the request again on the click.
function isPrefetch(headers: IncomingMessage['headers']): boolean {
  return ['sec-purpose', 'purpose', 'x-moz'].some((name) =>
    /prefetch|preview/i.test(String(headers[name])),
  );
}
