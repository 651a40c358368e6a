/** The cookies of the tenant: the SSO session and the CSRF token. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { findCookie } from '../../http/cookies.ts';
import type { Tenant } from '../definition/tenant-kinds.ts';
import type { SsoBrowser, SsoCookie } from '../state/sso-sessions.ts';
import type { LocalTenant } from './local-tenant.ts';

/** The SSO sessions, with the one that the request's cookie names. */
export const ssoBrowser = (
  { ssoSessions, definition, now }: Pick<LocalTenant, 'ssoSessions' | 'definition' | 'now'>,
  request: IncomingMessage,
): SsoBrowser => ({
  ssoSessions,
  sessionId: findCookie(request, ssoCookieName(definition.tenant)) ?? '',
  now: now(),
});

export const hasSsoCookie = (
  { definition }: Pick<LocalTenant, 'definition'>,
  request: IncomingMessage,
): boolean => findCookie(request, ssoCookieName(definition.tenant)) !== undefined;

export function setSsoCookie(
  { url, definition }: Pick<LocalTenant, 'url' | 'definition'>,
  response: ServerResponse,
  cookie: SsoCookie | undefined,
): void {
  if (!cookie) return;
  setBrowserCookie(url, response, { name: ssoCookieName(definition.tenant), ...cookie });
}

// B2C's name. The `cookie` package and every browser accept the colon.
const ssoCookieName = ({ domain }: Tenant) => `x-ms-cpim-sso:${domain}_0`;

/**
 * B2C's cookies are `SameSite=None; Secure`, for sign-in in frames. Browsers reject those over plain
 * HTTP, where `Lax` is enough for redirects.
 */
export function setBrowserCookie(
  url: string,
  response: ServerResponse,
  { name, value, maxAgeSeconds }: { name: string; value: string; maxAgeSeconds?: number },
): void {
  const site = url.startsWith('https:') ? 'SameSite=None; Secure' : 'SameSite=Lax';
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  response.appendHeader('Set-Cookie', `${name}=${value}; Path=/; HttpOnly; ${site}${age}`);
}
