import type { IncomingMessage } from 'node:http';
import { isOwnHost, type OwnHosts } from '../protocol/own-host.ts';
import { AdminError } from './admin-error.ts';

/**
 * What lies under `/_emulator/` shows passwords and codes, so no web page but the emulator's own may
 * use it. The `Host` is checked against DNS rebinding: a foreign name that resolves to this machine.
 * @throws AdminError 403
 */
export function requireOwnCaller(request: IncomingMessage, own: OwnHosts): void {
  const { host = '', origin } = request.headers;
  if (!isOwnHost(host, own)) {
    throw new AdminError(403, `the Host header names another host: ${host}`);
  }
  // Hosts only: behind a proxy that speaks TLS the schemes differ.
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new AdminError(403, `a page of another origin sent this: ${origin}`);
  }
  const site = request.headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  if (!isOwnSite && !isLinkFollowed(request)) {
    throw new AdminError(403, 'a page of another site sent this');
  }
}

// An application's page may link to the dashboard: the linking page sees nothing of the answer.
function isLinkFollowed({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}
