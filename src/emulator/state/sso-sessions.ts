/**
 * SSO: a browser that is signed in at the tenant. A cookie holds the session ID. The policy decides
 * which sign-ins are shared: by all policies, per application, per policy, or not at all.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Application } from '../definition/application.ts';
import type { Policy } from '../definition/policy.ts';
import type { Accounts } from './accounts.ts';
import { createExpiringMap, type ExpiringMap } from './expiring-map.ts';

export interface SsoSession {
  /** `sid` for front-channel logout. */
  sid: string;
  /** By scope. */
  signIns: Map<string, SsoSignIn>;
  /** Client IDs that received a response in this session. */
  applications: Set<string>;
}

/** Claims that session profiles of custom policies keep, by profile. */
export type SessionClaims = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

export interface SsoSignIn {
  accountOid: string;
  claims?: SessionClaims;
  expiresAt: number;
  /** "Keep me signed in": survives closing the browser. */
  isKept: boolean;
}

export type SsoSessions = ExpiringMap<SsoSession>;

/** The cookie that the browser has to store after a change. Without a maximum age: session cookie. */
export interface SsoCookie {
  value: string;
  maxAgeSeconds?: number;
}

// Longer than the lifetime of any policy, which is checked separately.
const SSO_LIFETIME_MS = 91 * 86_400_000;

export const createSsoSessions = (now: () => number): SsoSessions =>
  createExpiringMap({ lifetimeMs: SSO_LIFETIME_MS, maxEntries: 10_000, now });

/** The sessions, and the one that the browser's cookie names. */
export interface SsoBrowser {
  ssoSessions: SsoSessions;
  sessionId: string;
  now: number;
}

interface Visit {
  policy: Policy;
  client: Pick<Application, 'id'>;
}

/**
 * Finds the sign-in for this policy and application, and renews a rolling session. The sign-in ends if its
 * account is gone or disabled.
 */
export function findSsoSignIn(
  { ssoSessions, sessionId, now, accounts }: SsoBrowser & { accounts: Accounts },
  { policy, client }: Visit,
): { session: SsoSession; signIn: SsoSignIn; cookie: SsoCookie | undefined } | undefined {
  const session = ssoSessions.get(sessionId);
  const signIn = session?.signIns.get(scopeKey({ policy, client }));
  if (!session || !signIn || signIn.expiresAt <= now) return undefined;
  // A custom policy can sign in users without an account.
  const account = accounts.get(signIn.accountOid);
  if (signIn.accountOid !== '' && (!account || account.disabled)) return undefined;
  const cookie = renew(signIn, policy.session, now) ? { value: sessionId } : undefined;
  ssoSessions.set(sessionId, session);
  session.applications.add(client.id);
  return { session, signIn, cookie };
}

/**
 * Renews a sign-in. True if the browser must no longer keep the cookie: as in B2C, a policy without
 * "Keep me signed in" ends it.
 */
function renew(signIn: SsoSignIn, rules: Policy['session'], now: number): boolean {
  const expiresAt = now + rules.lifetimeMinutes * 60_000;
  if (signIn.isKept && rules.keepMeSignedInDays === 0) {
    signIn.isKept = false;
    signIn.expiresAt = expiresAt;
    return true;
  }
  if (!signIn.isKept && rules.rolling) signIn.expiresAt = expiresAt;
  return false;
}

/** Stores a sign-in under a new session ID. The browser's sign-ins in other scopes are kept. */
export function startSsoSession(
  { ssoSessions, sessionId, now }: SsoBrowser,
  {
    policy,
    client,
    accountOid,
    claims,
    keep,
  }: Visit & { accountOid: string; claims?: SessionClaims; keep: boolean },
): { session: SsoSession; cookie: SsoCookie | undefined } {
  const previous = ssoSessions.get(sessionId);
  ssoSessions.delete(sessionId);
  const session: SsoSession = {
    sid: previous?.sid ?? randomUUID(),
    signIns: new Map(previous?.signIns),
    applications: new Set(previous?.applications).add(client.id),
  };
  const { scope, lifetimeMinutes, keepMeSignedInDays } = policy.session;
  const isKept = keep && keepMeSignedInDays > 0;
  const lifetimeSeconds = isKept ? keepMeSignedInDays * 86_400 : lifetimeMinutes * 60;
  if (scope !== 'suppressed') {
    const expiresAt = now + lifetimeSeconds * 1000;
    const signIn = { accountOid, expiresAt, isKept, ...(claims ? { claims } : {}) };
    session.signIns.set(scopeKey({ policy, client }), signIn);
  }
  if (session.signIns.size === 0) return { session, cookie: undefined };
  const value = randomBytes(32).toString('base64url');
  ssoSessions.set(value, session);
  return { session, cookie: { value, ...(isKept ? { maxAgeSeconds: lifetimeSeconds } : {}) } };
}

/**
 * Ends the sign-ins that the policy's scope covers, and returns the session. As in B2C, an
 * application's session stays if the request does not identify the application.
 */
export function endSsoSession(
  { ssoSessions, sessionId }: SsoBrowser,
  { policy, client }: { policy: Policy; client: Application | undefined },
): { session: SsoSession; cookie: SsoCookie | undefined } | undefined {
  const session = ssoSessions.get(sessionId);
  if (!session) return undefined;
  const { scope } = policy.session;
  if (scope === 'application' && !client) return undefined;
  if (scope === 'tenant') session.signIns.clear();
  else session.signIns.delete(scopeKey({ policy, client: client ?? { id: '' } }));
  if (session.signIns.size > 0) return { session, cookie: undefined };
  ssoSessions.delete(sessionId);
  return { session, cookie: { value: '', maxAgeSeconds: 0 } };
}

function scopeKey({ policy, client }: Visit): string {
  const { scope } = policy.session;
  if (scope === 'application') return `application:${client.id.toLowerCase()}`;
  return scope === 'policy' ? `policy:${policy.name.toLowerCase()}` : scope;
}
