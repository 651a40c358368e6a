import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CookieWriter, parseCookies } from '../http/cookies.ts';
import type { ReturnTarget } from '../http/return-target.ts';
import type { User } from '../oidc/claims.ts';
import { type ClientBound, type FindFingerprint, isBound } from '../oidc/client-fingerprint.ts';
import type { Tokens } from '../oidc/tokens.ts';
import type { Session, Sessions } from '../session/session.ts';
import { extractSignature, type Signer } from '../session/signed-cookie.ts';
import { detectBrowser } from './browser-name.ts';
import type { LogoutCookie } from './logout-cookie.ts';

/** The last successful callback of a session. */
export interface LastCallback {
  attemptId: string;
  returnTo: ReturnTarget;
}

/** The content of a session. `tenant` and `policy` refer to the policy that signed the user in. */
export interface SessionContent extends ClientBound {
  user: User;
  /** Issued by that policy. */
  tokens: Tokens;
  /** The keys of the tenant's policies that have run in this session, including that policy. */
  policiesRun: readonly string[];
  /** Recognizes a repeated callback: by reload, bookmark or back button. */
  lastCallback: LastCallback;
  /** The kind of browser, as pages show it: "Firefox (Windows)". */
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
    content: Omit<SessionContent, 'browser' | 'policiesRun' | 'fingerprint'>,
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
      const bound = { ...content, fingerprint: findFingerprint(content) };
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
  const { user, tenant, policy, fingerprint, tokens, policiesRun, lastCallback, browser } =
    session.content;
  const { startedAt, idleExpiresAt } = session;
  return {
    user,
    tenant,
    policy,
    fingerprint,
    tokens,
    policiesRun,
    lastCallback,
    browser,
    sessionKey,
    startedAt,
    idleExpiresAt,
  };
}

type SessionOwner = Pick<SessionContent, 'tenant' | 'fingerprint' | 'user'>;

/** The group of all sessions of one user. A `sub` identifies a user only within one tenant. */
export const groupOfUser = ({ tenant, fingerprint, user }: SessionOwner): string =>
  `sub ${tenant} ${fingerprint} ${user.subject}`;

/** The group of the sessions that belong to one session at the provider, by its `sid`. */
export const groupOfProviderSession = (
  { tenant, fingerprint }: Pick<ClientBound, 'tenant' | 'fingerprint'>,
  sid: string,
): string => `sid ${tenant} ${fingerprint} ${sid}`;

function groupsOf(owner: SessionOwner): string[] {
  const { sid } = owner.user.claims;
  const userGroup = groupOfUser(owner);
  return typeof sid === 'string' && sid
    ? [userGroup, groupOfProviderSession(owner, sid)]
    : [userGroup];
}
