import type { IncomingMessage } from 'node:http';

// A name or an IP address, and a port (RFC 9110, 7.2): no user name, no path, no character that a
// reverse proxy could read as another host.
const HOST = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Whether a text is a valid value of `Host`. */
export const isHost = (text: string): boolean => HOST.test(text);

/** More than any browser or proxy sends. Node drops headers above its own limit silently. */
export const MAX_HEADERS = 128;

/** How the body of a valid request is sent, or the status to reject the request with. */
export type Framing = 'plain' | 'chunked' | 400 | 413 | 431;

/**
 * Rejects requests that Node's parser accepts, but that a reverse proxy may have parsed differently:
 * - not exactly one valid `Host` (Node takes the first of several, and needs none in HTTP/1.0)
 * - a `Transfer-Encoding` other than `chunked`
 * - too many headers
 * Also rejects every body whose declared length exceeds `maxBodyBytes`. Runs for each request, so it
 * reads the raw headers only once.
 */
export function checkFraming(
  { rawHeaders, httpVersion }: Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>,
  maxBodyBytes: number,
): Framing {
  if (rawHeaders.length > 2 * MAX_HEADERS) return 431;
  let hosts = 0;
  let encodings = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') {
      hosts += 1;
      if (!HOST.test(rawHeaders[i + 1] ?? '')) return 400;
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      encodings += 1;
      if (rawHeaders[i + 1] !== 'chunked') return 400;
    } else if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (Number(rawHeaders[i + 1]) > maxBodyBytes) return 413;
    }
  }
  // HTTP/1.0 has no transfer encoding (RFC 9112, 6.1).
  const encodingsAllowed = httpVersion === '1.0' ? 0 : 1;
  if (hosts !== 1 || encodings > encodingsAllowed) return 400;
  return encodings === 0 ? 'plain' : 'chunked';
}
