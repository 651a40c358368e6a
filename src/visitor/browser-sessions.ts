import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CookieWriter, parseCookies } from '../http/cookies.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { User } from '../oidc/claims.ts';
import { type ClientBound, type FindFingerprint, isBound } from '../oidc/client-fingerprint.ts';
import { tenantOf } from '../oidc/policy.ts';
import type { Tokens } from '../oidc/tokens.ts';
import type { Session, Sessions } from '../session/session.ts';
import { extractSignature, type Signer } from '../session/signed-cookie.ts';
import { detectBrowser } from './browser-name.ts';
import type { LogoutCookie } from './logout-cookie.ts';

/** A visit to the provider that came to a good end, and where it led. */
export interface LastCallback {
  attemptId: string;
  returnTo: ReturnTarget;
}

/** What a session holds. */
export interface SessionContent extends ClientBound {
  user: User;
  /** The key of the policy that signed the user in, and what that policy issued. */
  policy: string;
  tokens: Tokens;
  /** The keys of the policies that have run in this session, that one among them. */
  policiesRun: readonly string[];
  /** For whoever comes back to its callback by reload, bookmark or back button. */
  lastVisit: LastCallback;
  /** What kind of browser it is in, for people: "Firefox (Windows)". */
  browser: string;
}

export interface CurrentSession extends SessionContent {
  /** What the session is kept under. */
  sessionKey: string;
  startedAt: number;
  /** When the session ends unless it is used before, epoch milliseconds. */
  idleExpiresAt: number;
}

/** Who a browser is signed in as: a session under an opaque id in a signed cookie. */
export interface BrowserSessions {
  /** Who it is; `undefined` at once, without a promise, where the request has no cookie of ours. */
  of(
    request: IncomingMessage,
    options?: { slide?: boolean },
  ): Promise<CurrentSession | undefined> | undefined;
  /** Signs in under a new id; a session that the browser had before ends. Gives the session's key. */
  signIn(
    request: IncomingMessage,
    response: ServerResponse,
    content: Omit<SessionContent, 'browser' | 'policiesRun' | 'binding'>,
  ): Promise<string>;
  /** Changes what a running session holds; `undefined` when it has ended meanwhile. */
  update(
    visitor: CurrentSession,
    change: (content: SessionContent) => SessionContent,
  ): Promise<CurrentSession | undefined>;
  signOut(request: IncomingMessage, response: ServerResponse): Promise<CurrentSession | undefined>;
}

const COOKIE = 'b2c-signin';

export function createBrowserSessions({
  cookies,
  logoutCookie,
  signer,
  sessions,
  findFingerprint,
}: {
  cookies: CookieWriter;
  logoutCookie: LogoutCookie;
  signer: Signer;
  sessions: Sessions<SessionContent>;
  findFingerprint: FindFingerprint;
}): BrowserSessions {
  const cookieName = cookies.prefixedName(COOKIE);

  const of: BrowserSessions['of'] = (request, options) => {
    const cookie = request.headers.cookie && parseCookies(request)[cookieName];
    return cookie && signer.verify(cookie) ? find(extractSignature(cookie), options) : undefined;
  };

  const find = async (key: string, options: { slide?: boolean } | undefined) => {
    const session = await sessions.find(key, options);
    if (!session) return undefined;
    if (isBound(session.content, findFingerprint)) return visitorOf(key, session);
    // Its user is not one of the tenant that has the name now, and its tokens are nothing for that one.
    await sessions.end(key);
    return undefined;
  };

  return {
    of,
    async signIn(request, response, content) {
      const before = await of(request, { slide: false });
      const cookie = signer.sign(randomBytes(32).toString('base64url'));
      const key = extractSignature(cookie);
      const browser = detectBrowser(request.headers['user-agent']);
      const bound = { ...content, binding: findFingerprint(content.policy) };
      await sessions.start(key, {
        content: { ...bound, browser, policiesRun: [content.policy] },
        groups: groupsOf(bound),
      });
      // In this order: whoever cannot be signed in keeps what he has, and gets no cookie.
      if (before) await sessions.end(before.sessionKey);
      cookies.set(response, COOKIE, cookie);
      logoutCookie.set(response, key);
      return key;
    },
    async update({ sessionKey }, change) {
      const session = await sessions.update(sessionKey, change);
      return session && visitorOf(sessionKey, session);
    },
    async signOut(request, response) {
      const visitor = await of(request, { slide: false });
      if (visitor) await sessions.end(visitor.sessionKey);
      cookies.clear(response, COOKIE);
      logoutCookie.clear(response);
      return visitor;
    },
  };
}

// Member by member: this is on the way of every signed-in request.
function visitorOf(sessionKey: string, session: Session<SessionContent>): CurrentSession {
  const { user, policy, binding, tokens, policiesRun, lastVisit, browser } = session.content;
  const { startedAt, idleExpiresAt } = session;
  return {
    user,
    policy,
    binding,
    tokens,
    policiesRun,
    lastVisit,
    browser,
    sessionKey,
    startedAt,
    idleExpiresAt,
  };
}

type Whose = Pick<SessionContent, 'policy' | 'binding' | 'user'>;

/** The sessions of one user: who that is, a `sub` says only together with its tenant. */
export const groupOfUser = (whose: Whose): string =>
  `sub ${tenantOf(whose.policy)} ${whose.binding} ${whose.user.subject}`;

/** The sessions that began with one session at the provider, by its `sid`. */
export const groupOfProviderSession = ({ policy, binding }: ClientBound, sid: string): string =>
  `sid ${tenantOf(policy)} ${binding} ${sid}`;

function groupsOf(whose: Whose): string[] {
  const { sid } = whose.user.claims;
  const own = groupOfUser(whose);
  return typeof sid === 'string' && sid ? [own, groupOfProviderSession(whose, sid)] : [own];
}
