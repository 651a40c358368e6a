import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookiesOf } from '../http/cookies.ts';
import type { Account } from './accounts.ts';
import type { LocalTenant } from './local-tenant.ts';

/** A browser that is signed in at the tenant: every application and policy shares it (scope Tenant). */
export interface SsoSession {
  accountOid: string;
}

/** 1440 minutes, rolling: each use starts them anew. */
export const SSO_LIFETIME_MS = 1440 * 60_000;

export function findSsoAccount(tenant: LocalTenant, request: IncomingMessage): Account | undefined {
  const id = cookiesOf(request)[cookieName(tenant)] ?? '';
  const session = tenant.ssoSessions.get(id);
  if (!session) return undefined;
  tenant.ssoSessions.set(id, session);
  return tenant.accounts.get(session.accountOid);
}

/** Always under a new id; the browser's former session ends. */
export function startSsoSession(
  tenant: LocalTenant,
  exchange: { request: IncomingMessage; response: ServerResponse },
  account: Account,
): void {
  tenant.ssoSessions.delete(cookiesOf(exchange.request)[cookieName(tenant)] ?? '');
  const id = randomBytes(32).toString('base64url');
  tenant.ssoSessions.set(id, { accountOid: account.oid });
  setBrowserCookie(tenant, exchange.response, { name: cookieName(tenant), value: id });
}

export function endSsoSession(
  tenant: LocalTenant,
  exchange: { request: IncomingMessage; response: ServerResponse },
): void {
  tenant.ssoSessions.delete(cookiesOf(exchange.request)[cookieName(tenant)] ?? '');
  const expired = { name: cookieName(tenant), value: '', maxAgeSeconds: 0 };
  setBrowserCookie(tenant, exchange.response, expired);
}

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
