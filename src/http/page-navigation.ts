import type { IncomingMessage } from 'node:http';

/**
 * Whether the browser would show the response as a page, so that a redirect to sign-in is useful.
 * Decided by the Fetch Metadata headers; by `Accept` only for clients that send neither mode nor site.
 * At the gate, `method` is the method of the original request.
 */
export function isPageNavigation(
  { headers, method: ownMethod }: Pick<IncomingMessage, 'headers' | 'method'>,
  method = ownMethod,
): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  // Android's WebView sends the name of its application in this header, with navigations too.
  if (headers['x-requested-with'] === 'XMLHttpRequest') return false;
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest, 'sec-fetch-site': site } = headers;
  const isTopLevel = dest === 'document' || (dest === undefined && site === undefined);
  const isNavigation =
    mode === undefined && site === undefined
      ? (headers.accept ?? '').includes('text/html')
      : mode === 'navigate';
  return isTopLevel && isNavigation;
}
