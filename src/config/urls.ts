import { z } from 'zod';
import { reject } from './issues.ts';

/** Host names of the local machine as they are written in URLs. */
export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a URL points to the local machine, so that plain HTTP to it cannot be intercepted. */
export const isLoopback = (url: URL) => LOOPBACK_NAMES.includes(url.hostname);

/** Parses an HTTP or HTTPS URL without query, fragment and user name. */
export function parseHttpUrl(text: unknown): URL | undefined {
  const url = typeof text === 'string' ? parseUrl(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username
    ? url
    : undefined;
}

// `new URL()` silently removes whitespace, which here is always a mistake.
const parseUrl = (text: string) =>
  URL.canParse(text) && !/\s/.test(text) ? new URL(text) : undefined;

export const baseUrl = z
  .string({ error: 'must be the public URL of this application' })
  .transform((text, context) => {
    const url = parseUrl(text);
    if (!url) return reject(context, 'must be a URL, such as "https://app.example.com"');
    if (url.pathname !== '/' || url.search || url.hash || url.username) {
      return reject(context, 'must be only scheme, host and port, without a path');
    }
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
      ? url
      : reject(context, 'must begin with https:// (http:// is allowed for localhost only)');
  });

export const httpUrl = z
  .string({ error: 'must be a URL' })
  .refine((text) => parseHttpUrl(text) !== undefined, {
    error: 'must be a URL, such as "https://login.example.com", without a query',
  });

export const redisUrl = z
  .string({ error: 'must be a URL, such as "rediss://redis.example.com:6380"' })
  .transform((text, context) => {
    const url = parseUrl(text);
    if (!url?.hostname || !/^rediss?:$/.test(url.protocol)) {
      return reject(context, 'must begin with redis:// or rediss:// (TLS) and name a host');
    }
    if (url.username || url.password) {
      return reject(context, 'must not contain a password; use session.store.password');
    }
    return /^\/?$/.test(url.pathname) && !url.search && !url.hash
      ? url
      : reject(context, 'must be only scheme, host and port');
  });
