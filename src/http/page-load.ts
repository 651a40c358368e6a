import type { IncomingMessage } from 'node:http';

/**
 * Whether somebody would see the page that a redirect leads to: by what the browser says, or what its
 * request takes where it does not say. `method` is that of the request a proxy asks about.
 */
export function isPageLoad(
  { headers, method: own }: Pick<IncomingMessage, 'headers' | 'method'>,
  method = own,
): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers['x-requested-with'] !== undefined) return false;
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest = 'document', accept = '' } = headers;
  if (mode !== undefined) return mode === 'navigate' && dest === 'document';
  return dest === 'document' && accept.includes('text/html');
}
