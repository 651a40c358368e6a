import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CookieWriter, findCookie } from '../http/cookies.ts';
import type { SessionClaims } from '../oidc/claim-updates.ts';
import type { User } from '../oidc/claims.ts';
import { type ClientBound, type FindFingerprint, isBound } from '../oidc/client-fingerprint.ts';
import type { Tokens } from '../oidc/tokens.ts';
import type { Session, Sessions } from '../session/session.ts';
import { extractSignature, type Signer } from '../session/signed-cookie.ts';
import { detectBrowser } from './browser-name.ts';
import type { LastCallback } from './last-callback.ts';
import type { LogoutCookie } from './logout-cookie.ts';

/** The content of a session. `tenant` and `policy` refer to the policy that signed the user in. */
export interface SessionContent extends ClientBound, SessionClaims {
  /** When the provider last confirmed the claims: at sign-in or refresh, epoch milliseconds. */
  claimsCheckedAt: number;
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
  /** Its key in the session store. */
  sessionKey: string;
  startedAt: number;
  /** When the session expires unless it is used before then, epoch milliseconds. */
  idleExpiresAt: number;
}

interface FindOptions {
  slide?: boolean;
  /**
   * Also accepts the logout cookie in a POST. If the provider's page posts the authorization response, browsers
   * send no `SameSite=Lax` cookie, so the session cookie is missing.
   */
  atCallback?: boolean;
}

/** The sessions of browsers: the signed session cookie contains the opaque ID of a session. */
export interface BrowserSessions {
  /** Finds the session of a request. Extends its idle timeout unless `slide` is false. */
  of(request: IncomingMessage, options?: FindOptions): Promise<CurrentSession | undefined>;
  /**
   * Whether the request has the cookie of a session that has expired or was ended elsewhere. Signing out in
   * this browser removes the cookie.
   */
  hasEnded(request: IncomingMessage): Promise<boolean>;
  /** Starts a session with a new ID, and ends the browser's previous one. Returns the session's key. */
  signIn(
    request: IncomingMessage,
    response: ServerResponse,
    content: Omit<SessionContent, 'browser' | 'policiesRun' | 'fingerprint' | 'claimOverlay'>,
  ): Promise<string>;
  /** Changes the content of a session. Returns `undefined` if it has ended in the meantime. */
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

  const findKey = (request: IncomingMessage) => {
    const cookie = findCookie(request, cookieName);
    return cookie === undefined ? undefined : signer.verify(cookie)?.signature;
  };

  const of: BrowserSessions['of'] = async (request, options) => {
    const isForm = options?.atCallback && request.method === 'POST';
    const key = findKey(request) ?? (isForm ? logoutCookie.sessionKeyOf(request) : undefined);
    if (key === undefined) return undefined;
    const session = await sessions.find(key, options);
    if (!session) return undefined;
    if (isBound(session.content, findFingerprint)) return toCurrentSession(key, session);
    // The tenant or client behind this name has changed. The user and tokens belong to the previous one.
    await sessions.end(key);
    return undefined;
  };

  return {
    of,
    hasEnded: async (request) =>
      findKey(request) !== undefined && !(await of(request, { slide: false })),
    async signIn(request, response, content) {
      const previous = await of(request, { slide: false, atCallback: true });
      const cookie = signer.sign(randomBytes(32).toString('base64url'));
      const key = extractSignature(cookie);
      const browser = detectBrowser(request.headers['user-agent']);
      const bound = { ...content, fingerprint: findFingerprint(content) };
      await sessions.start(key, {
        content: { ...bound, browser, claimOverlay: {}, policiesRun: [content.policy] },
        groups: groupsOf(bound),
      });
      // In this order: if the new session cannot be stored, the previous one stays.
      if (previous) await sessions.end(previous.sessionKey);
      cookies.set(response, COOKIE, cookie);
      logoutCookie.set(response, key);
      return key;
    },
    async update({ sessionKey }, change) {
      const session = await sessions.update(sessionKey, change);
      return session && toCurrentSession(sessionKey, session);
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

// Member by member, because every signed-in request takes this path.
function toCurrentSession(sessionKey: string, session: Session<SessionContent>): CurrentSession {
  const { content, startedAt, idleExpiresAt } = session;
  return {
    user: content.user,
    claimOverlay: content.claimOverlay,
    claimsCheckedAt: content.claimsCheckedAt,
    tenant: content.tenant,
    policy: content.policy,
    fingerprint: content.fingerprint,
    tokens: content.tokens,
    policiesRun: content.policiesRun,
    lastCallback: content.lastCallback,
    browser: content.browser,
    sessionKey,
    startedAt,
    idleExpiresAt,
  };
}

type SessionOwner = Pick<SessionContent, 'tenant' | 'fingerprint' | 'user'>;

/** Identifies a user of one tenant and client. */
type Owner = Pick<SessionContent, 'tenant' | 'fingerprint'> & { user: Pick<User, 'subject'> };

/** The group of all sessions of one user. A `sub` identifies a user only within one tenant. */
export const groupOfUser = ({ tenant, fingerprint, user }: Owner): string =>
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
