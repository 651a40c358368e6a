import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { HeaderList } from './security-headers.ts';

/** How this site's cookies are named and written. Values must be plain cookie characters. */
export interface CookieWriter {
  /** The name in the browser: with `__Host-` on https, so that no sibling host can plant it. */
  prefixedName(name: string): string;
  set(response: ServerResponse, name: string, value: string, maxAgeSeconds?: number): void;
  /** Sets one that a frame of this site carries inside another site too. */
  setForFrames(response: ServerResponse, name: string, value: string): void;
  clear(response: ServerResponse, name: string): void;
}

/** With a `domain`, hosts below it get the cookies too; a browser then takes no `__Host-` name. */
export function createCookieWriter({
  https,
  domain,
}: {
  https: boolean;
  domain?: string | undefined;
}): CookieWriter {
  const prefix = https ? (domain ? '__Secure-' : '__Host-') : '';
  const prefixedName = (name: string) => `${prefix}${name}`;
  const ofDomain = domain ? { domain } : {};
  // The same behind every value, so it is made once.
  const serializeAttributes = (own: { sameSite: 'lax' | 'none'; secure: boolean }) =>
    stringifySetCookie('x', '', { httpOnly: true, path: '/', ...ofDomain, ...own }).slice(
      'x='.length,
    );
  const attributes = serializeAttributes({ sameSite: 'lax', secure: https });
  // Browsers take `None` with `Secure` alone, on http://localhost too.
  const frameAttributes = serializeAttributes({ sameSite: 'none', secure: true });
  return {
    prefixedName,
    set(response, name, value, maxAgeSeconds) {
      const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
      addCookie(response, `${prefixedName(name)}=${value}${age}${attributes}`);
    },
    setForFrames(response, name, value) {
      addCookie(response, `${prefixedName(name)}=${value}${frameAttributes}`);
    },
    clear(response, name) {
      addCookie(response, `${prefixedName(name)}=; Max-Age=0${attributes}`);
    },
  };
}

// Kept beside the response until it is sent: a header that is set before `writeHead` makes Node take
// up and check all the others one by one.
const cookiesToSend = new WeakMap<ServerResponse, string[]>();

function addCookie(response: ServerResponse, cookie: string): void {
  const cookies = cookiesToSend.get(response);
  if (cookies) cookies.push('Set-Cookie', cookie);
  else cookiesToSend.set(response, ['Set-Cookie', cookie]);
}

/** The `Set-Cookie` headers that have gathered for a response; whoever writes its head sends them. */
export const drainSetCookies = (response: ServerResponse): HeaderList =>
  cookiesToSend.get(response) ?? NO_COOKIES;

const NO_COOKIES: HeaderList = [];

const asSent = (value: string) => value;

/** The cookies of a request, as sent; of a repeated name the first. The object has no prototype. */
export function parseCookies(request: IncomingMessage): Record<string, string | undefined> {
  return parseCookie(request.headers.cookie ?? '', { decode: asSent });
}
