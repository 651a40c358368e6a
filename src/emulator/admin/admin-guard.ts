import type { IncomingMessage } from 'node:http';
import { isOwnHost, type OwnHosts } from '../endpoints/own-host.ts';
import { AdminError } from './admin-error.ts';

/**
 * Only the emulator's own pages may use `/_emulator/`, because it shows passwords and codes. Checks the
 * `Host` header too, against DNS rebinding: another name that resolves to this computer.
 * @throws AdminError 403
 */
export function requireOwnCaller(request: IncomingMessage, own: OwnHosts): void {
  const { host = '', origin } = request.headers;
  if (!isOwnHost(host, own)) {
    throw new AdminError(403, `the Host header names another host: ${host}`);
  }
  // Compares hosts only: behind a TLS proxy, the schemes differ.
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new AdminError(403, `a page of another origin sent this: ${origin}`);
  }
  const site = request.headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  if (!isOwnSite && !isLinkFollowed(request)) {
    throw new AdminError(403, 'a page of another site sent this');
  }
}

// Other pages may link to the dashboard, because the linking page cannot read the response.
function isLinkFollowed({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}
