import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CookieWriter, findCookie } from '../http/cookies.ts';
import type { Signer } from '../session/signed-cookie.ts';

/**
 * A cookie that names the session for front-channel logout to end. Browsers do not send `SameSite=Lax` cookies in
 * the provider's frame, so the session cookie is missing there. It is also missing in a callback by `form_post`,
 * where this cookie names the session that the callback replaces or changes.
 */
export interface LogoutCookie {
  set(response: ServerResponse, sessionKey: string): void;
  /** Returns the key of the session that the request's cookie names. */
  sessionKeyOf(request: IncomingMessage): string | undefined;
  clear(response: ServerResponse): void;
}

const COOKIE = 'b2c-signin-logout';

export function createLogoutCookie({
  cookies,
  signer,
}: {
  /** Writes `SameSite=None` cookies. */
  cookies: CookieWriter;
  /** With a separate purpose, so that no other cookie is accepted as this one, and vice versa. */
  signer: Signer;
}): LogoutCookie {
  const cookieName = cookies.prefixedName(COOKIE);
  return {
    set: (response, sessionKey) => cookies.set(response, COOKIE, signer.sign(sessionKey)),
    sessionKeyOf(request) {
      const cookie = findCookie(request, cookieName);
      return cookie && signer.verify(cookie)?.value;
    },
    clear: (response) => cookies.clear(response, COOKIE),
  };
}
