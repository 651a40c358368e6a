/**
 * A browser that is signed in at the tenant. One cookie leads to what the browser has; who shares a
 * sign-in is up to the policy: everybody, one application, one policy, or nobody.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookies } from '../../http/cookies.ts';
import type { Account } from '../tenant/accounts.ts';
import type { Application } from '../tenant/application.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { Policy } from '../tenant/policy.ts';

export interface SsoSession {
  /** For the `sid` of front-channel logout. */
  sid: string;
  signIns: Map<string, SsoSignIn>;
  /** Client ids that got something in this session. */
  applications: Set<string>;
}

interface SsoSignIn {
  accountOid: string;
  expiresAt: number;
  /** Past the end of the browser: "Keep me signed in". */
  isKept: boolean;
}

/** Longer than any policy's, which is what counts. */
export const SSO_LIFETIME_MS = 91 * 86_400_000;

interface Browser {
  request: IncomingMessage;
  response: ServerResponse;
}
interface Visit {
  policy: Policy;
  client: Pick<Application, 'id'>;
}

/** Who is signed in as far as this policy and application may know; using it renews it. */
export function findSsoAccount(
  tenant: LocalTenant,
  browser: Browser,
  visit: Visit,
): { session: SsoSession; account: Account } | undefined {
  const id = sessionIdOf(tenant, browser.request);
  const session = tenant.ssoSessions.get(id);
  const signIn = session?.signIns.get(scopeKey(visit));
  const account = tenant.accounts.get(signIn?.accountOid ?? '');
  if (!session || !signIn || signIn.expiresAt <= tenant.now()) return undefined;
  if (!account || account.disabled) return undefined;
  renew(tenant, browser, { id, session, signIn, rules: visit.policy.session });
  session.applications.add(visit.client.id);
  return { session, account };
}

// A policy without "Keep me signed in" that is visited in between ends it, as at B2C.
function renew(
  tenant: LocalTenant,
  { response }: Browser,
  {
    id,
    session,
    signIn,
    rules,
  }: { id: string; session: SsoSession; signIn: SsoSignIn; rules: Policy['session'] },
): void {
  if (signIn.isKept && rules.keepMeSignedInDays === 0) {
    signIn.isKept = false;
    signIn.expiresAt = tenant.now() + rules.lifetimeMinutes * 60_000;
    setBrowserCookie(tenant, response, { name: cookieName(tenant), value: id });
  } else if (!signIn.isKept && rules.rolling) {
    signIn.expiresAt = tenant.now() + rules.lifetimeMinutes * 60_000;
  }
  tenant.ssoSessions.set(id, session);
}

/** Under a new id always; what the browser had in other scopes goes along. */
export function startSsoSession(
  tenant: LocalTenant,
  browser: Browser,
  { policy, client, account, keep }: Visit & { account: Account; keep: boolean },
): SsoSession {
  const former = tenant.ssoSessions.get(sessionIdOf(tenant, browser.request));
  tenant.ssoSessions.delete(sessionIdOf(tenant, browser.request));
  const session: SsoSession = {
    sid: former?.sid ?? randomUUID(),
    signIns: new Map(former?.signIns),
    applications: new Set(former?.applications).add(client.id),
  };
  const { scope, lifetimeMinutes, keepMeSignedInDays } = policy.session;
  const isKept = keep && keepMeSignedInDays > 0;
  const lifetimeSeconds = isKept ? keepMeSignedInDays * 86_400 : lifetimeMinutes * 60;
  if (scope !== 'suppressed') {
    const expiresAt = tenant.now() + lifetimeSeconds * 1000;
    const signIn = { accountOid: account.oid, expiresAt, isKept };
    session.signIns.set(scopeKey({ policy, client }), signIn);
  }
  if (session.signIns.size === 0) return session;
  const id = randomBytes(32).toString('base64url');
  tenant.ssoSessions.set(id, session);
  const age = isKept ? { maxAgeSeconds: lifetimeSeconds } : {};
  setBrowserCookie(tenant, browser.response, { name: cookieName(tenant), value: id, ...age });
  return session;
}

/**
 * Ends what this policy's scope covers, and tells what there was. A session of one application
 * survives when nobody says which application it is: so it does at B2C.
 */
export function endSsoSession(
  tenant: LocalTenant,
  browser: Browser,
  { policy, client }: { policy: Policy; client: Application | undefined },
): SsoSession | undefined {
  const id = sessionIdOf(tenant, browser.request);
  const session = tenant.ssoSessions.get(id);
  if (!session) return undefined;
  const { scope } = policy.session;
  if (scope === 'application' && !client) return undefined;
  if (scope === 'tenant') session.signIns.clear();
  else session.signIns.delete(scopeKey({ policy, client: client ?? { id: '' } }));
  if (session.signIns.size > 0) return session;
  tenant.ssoSessions.delete(id);
  const expired = { name: cookieName(tenant), value: '', maxAgeSeconds: 0 };
  setBrowserCookie(tenant, browser.response, expired);
  return session;
}

function scopeKey({ policy, client }: Visit): string {
  const { scope } = policy.session;
  if (scope === 'application') return `application:${client.id.toLowerCase()}`;
  return scope === 'policy' ? `policy:${policy.name.toLowerCase()}` : scope;
}

const sessionIdOf = (tenant: LocalTenant, request: IncomingMessage): string =>
  parseCookies(request)[cookieName(tenant)] ?? '';

// B2C's own name. The `cookie` package and every browser take the colon.
const cookieName = (tenant: LocalTenant) => `x-ms-cpim-sso:${tenant.definition.tenant.domain}_0`;

/**
 * B2C's cookies are `SameSite=None; Secure`, for sign-in in frames; on plain http browsers would
 * drop those, and `Lax` is enough for redirects.
 */
export function setBrowserCookie(
  tenant: LocalTenant,
  response: ServerResponse,
  cookie: { name: string; value: string; maxAgeSeconds?: number },
): void {
  const { name, value, maxAgeSeconds } = cookie;
  const site = tenant.url.startsWith('https:') ? 'SameSite=None; Secure' : 'SameSite=Lax';
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  response.appendHeader('Set-Cookie', `${name}=${value}; Path=/; HttpOnly; ${site}${age}`);
}
