import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';

/** How this site's cookies are named and written. Values must be plain cookie characters. */
export interface CookieKit {
  /** The name in the browser: with `__Host-` on https, so that no sibling host can plant it. */
  nameOf(name: string): string;
  set(response: ServerResponse, name: string, value: string, maxAgeSeconds?: number): void;
  clear(response: ServerResponse, name: string): void;
}

export function createCookieKit({ https }: { https: boolean }): CookieKit {
  const nameOf = (name: string) => (https ? `__Host-${name}` : name);
  // The same behind every value, so it is made once.
  const attributes = stringifySetCookie('x', '', {
    ...{ httpOnly: true, sameSite: 'lax', path: '/', secure: https },
  }).slice('x='.length);
  return {
    nameOf,
    set(response, name, value, maxAgeSeconds) {
      const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
      response.appendHeader('Set-Cookie', `${nameOf(name)}=${value}${age}${attributes}`);
    },
    clear(response, name) {
      response.appendHeader('Set-Cookie', `${nameOf(name)}=; Max-Age=0${attributes}`);
    },
  };
}

const asSent = (value: string) => value;

/** The cookies of a request, as sent; of a repeated name the first. The object has no prototype. */
export function cookiesOf(request: IncomingMessage): Record<string, string | undefined> {
  return parseCookie(request.headers.cookie ?? '', { decode: asSent });
}
