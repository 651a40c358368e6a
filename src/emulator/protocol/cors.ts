/** Which scripts of other origins may read an answer (Fetch, "CORS protocol"). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Application } from '../tenant/application.ts';
import type { Endpoint } from './addresses.ts';
import { isLoopbackUrl } from './loopback.ts';

const PUBLIC: readonly Endpoint[] = ['discovery', 'keys'];
const FOR_SINGLE_PAGE_APPLICATIONS: readonly Endpoint[] = ['token', 'userinfo'];

/** Everybody reads metadata; only registered single-page applications read tokens. */
export function allowOrigin(
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  { endpoint, applications }: { endpoint: Endpoint; applications: readonly Application[] },
): void {
  if (!origin) return;
  if (PUBLIC.includes(endpoint)) {
    response.setHeader('Access-Control-Allow-Origin', '*');
  } else if (
    FOR_SINGLE_PAGE_APPLICATIONS.includes(endpoint) &&
    isRegistered(origin, applications)
  ) {
    response.setHeader('Access-Control-Allow-Origin', origin);
  }
}

function isRegistered(origin: string, applications: readonly Application[]): boolean {
  return applications.some(
    ({ type, redirectUris, anyLoopbackRedirectUri }) =>
      type === 'spa' &&
      ((anyLoopbackRedirectUri && isLoopbackUrl(origin)) ||
        redirectUris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin)),
  );
}

/** What a browser asks before it sends a request with headers of its own. */
export function allowPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  const { 'access-control-request-method': method } = request.headers;
  if (request.method !== 'OPTIONS' || !method) return false;
  if (!response.hasHeader('Access-Control-Allow-Origin')) return false;
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  const asked = request.headers['access-control-request-headers'];
  if (asked) response.setHeader('Access-Control-Allow-Headers', asked);
  response.setHeader('Access-Control-Max-Age', '3600');
  return true;
}
