/** Which origins' scripts may read a response (Fetch, "CORS protocol"). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Application } from '../definition/application.ts';
import { isLoopbackUrl } from '../definition/loopback.ts';
import type { Endpoint } from './routes.ts';

const PUBLIC: readonly Endpoint[] = ['discovery', 'keys'];
const FOR_SINGLE_PAGE_APPLICATIONS: readonly Endpoint[] = ['token', 'userinfo'];

/** Any origin may read metadata. Only registered single-page applications may read tokens. */
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

/** Handles a preflight: browsers send it before a request with custom headers. */
export function allowPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  const { 'access-control-request-method': method } = request.headers;
  if (request.method !== 'OPTIONS' || !method) return false;
  if (!response.hasHeader('Access-Control-Allow-Origin')) return false;
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  const requested = request.headers['access-control-request-headers'];
  if (requested) response.setHeader('Access-Control-Allow-Headers', requested);
  response.setHeader('Access-Control-Max-Age', '3600');
  return true;
}
