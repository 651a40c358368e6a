import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/**
 * Accepts a request that changes something only if the browser states that a page of this origin sent
 * it: in `Sec-Fetch-Site` (all current browsers, on HTTPS and loopback), in `Origin`, or in both. A
 * request without either header is rejected, and so is one in which either header names another site.
 * @throws {HttpError} `csrf_refused`
 */
export function requireSameOrigin(request: IncomingMessage, ownOrigin: string): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const isStated = site !== undefined || origin !== undefined;
  const siteFits = site === undefined || site === 'same-origin';
  // Browsers send `Origin: null` if a reverse proxy sets `Referrer-Policy: no-referrer` on our pages.
  const originFits =
    origin === undefined || origin === ownOrigin || (origin === 'null' && site === 'same-origin');
  if (!isStated || !siteFits || !originFits) {
    throw new HttpError('csrf_refused', 'no page of this site sent the request');
  }
}
