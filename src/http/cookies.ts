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
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: https } as const;
  const append = (response: ServerResponse, cookie: string) => {
    response.appendHeader('Set-Cookie', cookie);
  };
  return {
    nameOf,
    set(response, name, value, maxAgeSeconds) {
      const age = maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds };
      append(response, stringifySetCookie(nameOf(name), value, { ...attributes, ...age }));
    },
    clear(response, name) {
      append(response, stringifySetCookie(nameOf(name), '', { ...attributes, maxAge: 0 }));
    },
  };
}

const asSent = (value: string) => value;

/** The cookies of a request, as sent; of a repeated name the first. The object has no prototype. */
export function cookiesOf(request: IncomingMessage): Record<string, string | undefined> {
  return parseCookie(request.headers.cookie ?? '', { decode: asSent });
}
