import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CookieWriter, parseCookies } from '../http/cookies.ts';
import type { Signer } from '../session/signed-cookie.ts';

/**
 * A cookie that names a session to end, and is good for nothing else. The provider's frame carries
 * no cookie of `SameSite=Lax`, so it could not tell whose session it means.
 */
export interface LogoutCookie {
  set(response: ServerResponse, sessionKey: string): void;
  /** The key of the session that the request's cookie names. */
  sessionKeyOf(request: IncomingMessage): string | undefined;
  clear(response: ServerResponse): void;
}

const COOKIE = 'b2c-signin-logout';

export function createLogoutCookie({
  cookies,
  signer,
}: {
  cookies: CookieWriter;
  /** Of a purpose of its own: no other cookie passes for this one, nor this one for another. */
  signer: Signer;
}): LogoutCookie {
  const cookieName = cookies.prefixedName(COOKIE);
  return {
    set: (response, sessionKey) => cookies.setForFrames(response, COOKIE, signer.sign(sessionKey)),
    sessionKeyOf(request) {
      const cookie = parseCookies(request)[cookieName];
      return cookie && signer.verify(cookie);
    },
    clear: (response) => cookies.clear(response, COOKIE),
  };
}
