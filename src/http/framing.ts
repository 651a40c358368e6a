import type { IncomingMessage } from 'node:http';

// A name or an address, and a port (RFC 9110, 7.2): no user, no path, nothing that a proxy in front
// could read as another host.
const HOST = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** A host as it may stand in `Host`. */
export const isHost = (text: string): boolean => HOST.test(text);

/** More than any browser or proxy sends. Node drops what is over its limit without a word. */
export const MAX_HEADERS = 128;

/** Whether a request is in order and how its body comes, or the status to refuse it with. */
export type Framing = 'plain' | 'chunked' | 400 | 413 | 431;

/**
 * Refuses a request that a proxy in front could have read differently, where Node's parser lets it
 * pass: not one plain `Host` (Node takes the first of several, and none at all in HTTP/1.0), a
 * `Transfer-Encoding` other than `chunked`, or more headers than are looked at. Refuses a body that
 * declares itself longer than anything here reads, whatever the method. On the way of every request,
 * hence one pass over the raw headers.
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
  // HTTP/1.0 knows no transfer encoding (RFC 9112, 6.1).
  const encodingsAllowed = httpVersion === '1.0' ? 0 : 1;
  if (hosts !== 1 || encodings > encodingsAllowed) return 400;
  return encodings === 0 ? 'plain' : 'chunked';
}
