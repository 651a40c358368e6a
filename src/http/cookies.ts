import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { HeaderList } from './security-headers.ts';

/** Names and writes the cookies of this site. Values must consist of cookie characters (RFC 6265). */
export interface CookieWriter {
  /** The name in the browser: with `__Host-` on HTTPS, so that no sibling host can set the cookie. */
  prefixedName(name: string): string;
  set(response: ServerResponse, name: string, value: string, maxAgeSeconds?: number): void;
  clear(response: ServerResponse, name: string): void;
}

/**
 * With a `domain`, browsers also send the cookies to hosts below it, and reject `__Host-` names. With `sameSite`
 * `none` they also send them with a form of another site, and from a frame of this site inside another site.
 */
export function createCookieWriter({
  https,
  domain,
  sameSite = 'lax',
}: {
  https: boolean;
  domain?: string | undefined;
  sameSite?: 'lax' | 'none';
}): CookieWriter {
  const prefix = https ? (domain ? '__Secure-' : '__Host-') : '';
  const prefixedName = (name: string) => `${prefix}${name}`;
  // Serialized once, because it follows every value unchanged.
  const attributes = stringifySetCookie('x', '', {
    httpOnly: true,
    path: '/',
    ...(domain ? { domain } : {}),
    sameSite,
    // Browsers accept `None` only with `Secure`, on http://localhost too.
    secure: https || sameSite === 'none',
  }).slice('x='.length);
  return {
    prefixedName,
    set(response, name, value, maxAgeSeconds) {
      const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
      addCookie(response, prefixedName(name), `=${value}${age}${attributes}`);
    },
    clear(response, name) {
      addCookie(response, prefixedName(name), `=; Max-Age=0${attributes}`);
    },
  };
}

// Collected here and passed to writeHead(): after setHeader(), Node would validate every header again.
// By name, because a response must not set a cookie twice (RFC 6265, 4.1.1). The last value is sent.
const cookiesToSend = new WeakMap<ServerResponse, Map<string, string>>();

function addCookie(response: ServerResponse, name: string, rest: string): void {
  const cookies = cookiesToSend.get(response) ?? new Map<string, string>();
  cookiesToSend.set(response, cookies.set(name, name + rest));
}

/** The `Set-Cookie` headers collected for a response, to pass to `writeHead`. */
export function drainSetCookies(response: ServerResponse): HeaderList {
  const cookies = cookiesToSend.get(response);
  return cookies ? [...cookies.values()].flatMap((cookie) => ['Set-Cookie', cookie]) : NO_COOKIES;
}

const NO_COOKIES: HeaderList = [];

const asSent = (value: string) => value;

/** The cookies of a request, not decoded; the first one of a repeated name. The object has no prototype. */
export function parseCookies(request: IncomingMessage): Record<string, string | undefined> {
  return parseCookie(request.headers.cookie ?? '', { decode: asSent });
}

/**
 * Returns `parseCookies(request)[name]` without that object: for each name in it, V8 searches its table of
 * property names, which every request to the gate would pay for.
 */
export function findCookie({ headers }: IncomingMessage, name: string): string | undefined {
  const { cookie: text = '' } = headers;
  let start = 0;
  while (start < text.length) {
    const equals = text.indexOf('=', start);
    if (equals === -1) return undefined;
    // Parts without "=" are skipped together, so that many of them do not cost a search each.
    const nameStart = Math.max(start, text.lastIndexOf(';', equals) + 1);
    const semicolon = text.indexOf(';', equals);
    const end = semicolon === -1 ? text.length : semicolon;
    if (trimmed(text, nameStart, equals) === name) return trimmed(text, equals + 1, end);
    start = end + 1;
  }
  return undefined;
}

/** Without spaces and tabs at the ends, the whitespace of HTTP (RFC 9110, 5.6.3). */
function trimmed(text: string, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first < last && isBlank(text.charCodeAt(first))) first += 1;
  while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1;
  return text.slice(first, last);
}

const isBlank = (code: number) => code === 0x20 || code === 0x09;
