import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CookieKit, cookiesOf } from '../http/cookies.ts';
import type { Tokens } from '../oidc/callback.ts';
import type { User } from '../oidc/claims.ts';
import type { Sessions } from '../session/session.ts';
import type { Signer } from '../session/signed-cookie.ts';

/** What a session holds. */
export interface SignedIn {
  user: User;
  /** The key of the policy that signed the user in, and what that policy issued. */
  policy: string;
  tokens: Tokens;
}

export interface CurrentVisitor extends SignedIn {
  sessionId: string;
  /** When the session ends unless it is used before, epoch milliseconds. */
  idleExpiresAt: number;
}

/** Who a browser is signed in as: a session under an opaque id in a signed cookie. */
export interface SignedInVisitors {
  of(request: IncomingMessage, options?: { slide?: boolean }): Promise<CurrentVisitor | undefined>;
  /** Signs in under a new id; a session that the browser had before ends. */
  signIn(request: IncomingMessage, response: ServerResponse, content: SignedIn): Promise<string>;
  /** Changes the user of a running session; `false` when it has ended meanwhile. */
  update(visitor: CurrentVisitor, user: User): Promise<boolean>;
  signOut(request: IncomingMessage, response: ServerResponse): Promise<CurrentVisitor | undefined>;
}

const COOKIE = 'b2c-signin';
const NOBODY = Promise.resolve(undefined);

export function createSignedInVisitors({
  cookies,
  signer,
  sessions,
}: {
  cookies: CookieKit;
  signer: Signer;
  sessions: Sessions<SignedIn>;
}): SignedInVisitors {
  const cookieName = cookies.nameOf(COOKIE);

  const of: SignedInVisitors['of'] = (request, options) => {
    const cookie = request.headers.cookie && cookiesOf(request)[cookieName];
    const sessionId = cookie && signer.verify(cookie);
    return sessionId ? withSession(sessionId, options) : NOBODY;
  };

  const withSession = async (sessionId: string, options: { slide?: boolean } | undefined) => {
    const session = await sessions.find(sessionId, options);
    if (!session) return undefined;
    const { user, policy, tokens } = session.content;
    return { user, policy, tokens, sessionId, idleExpiresAt: session.idleExpiresAt };
  };

  return {
    of,
    async signIn(request, response, content) {
      const before = await of(request, { slide: false });
      if (before) await sessions.end(before.sessionId);
      const sessionId = await sessions.start(content);
      cookies.set(response, COOKIE, signer.sign(sessionId));
      return sessionId;
    },
    update: ({ sessionId, policy, tokens }, user) =>
      sessions.update(sessionId, { user, policy, tokens }),
    async signOut(request, response) {
      const visitor = await of(request, { slide: false });
      if (visitor) await sessions.end(visitor.sessionId);
      cookies.clear(response, COOKIE);
      return visitor;
    },
  };
}
