import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';

/**
 * Lets a request that changes something pass only when the browser vouches that a page of this very
 * origin sent it: by `Sec-Fetch-Site` (every current browser, on https and loopback), by `Origin`,
 * or by both, and neither may object. A request with neither is refused.
 * @throws SignInError `csrf_refused`
 */
export function requireSameOrigin(request: IncomingMessage, ownOrigin: string): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const vouched = site !== undefined || origin !== undefined;
  const siteFits = site === undefined || site === 'same-origin';
  // A proxy that forces `no-referrer` on our pages makes browsers send `Origin: null`.
  const originFits =
    origin === undefined || origin === ownOrigin || (origin === 'null' && site === 'same-origin');
  if (!vouched || !siteFits || !originFits) {
    throw new SignInError('csrf_refused', 'no page of this site sent the request');
  }
}
