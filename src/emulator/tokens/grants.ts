import { createHash, randomBytes } from 'node:crypto';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { B2cError } from '../protocol/b2c-error.ts';
import type { Application } from '../tenant/application.ts';
import type { ExpiringMap } from '../tenant/expiring-map.ts';
import type { Policy } from '../tenant/policy.ts';
import { encodeJson } from './jwt.ts';
import type { GrantedScope } from './scopes.ts';

/** What one sign-in granted: authorization codes and refresh tokens lead back to it. */
export interface Grant {
  /** All refresh tokens that come of one sign-in, one in the place of the other. */
  family: string;
  clientId: string;
  policy: Policy;
  accountOid: string;
  /** About the person, as they were at that moment: refreshing does not change them. */
  personClaims: Record<string, unknown>;
  nonce: string | undefined;
  authTimeSeconds: number;
  scope: GrantedScope;
  clientInfo: boolean;
  /** Only with the setting that sends it. */
  sid?: string;
}

export interface CodeGrant {
  grant: Grant;
  redirectUri: string;
  codeChallenge: AuthorizationRequest['codeChallenge'];
  issuedAt: number;
  used: boolean;
}

export interface RefreshGrant {
  grant: Grant;
  issuedAt: number;
  used: boolean;
}

/** "About 10 minutes", and not configurable at B2C. */
export const CODE_LIFETIME_MS = 10 * 60_000;
/** Longer than any policy's, which is what counts: B2C allows 90 days. */
export const REFRESH_TOKENS_KEPT_MS = 100 * 86_400_000;

/** Fixed at a day for single-page applications, whatever the policy says. */
export function refreshLifetimeSeconds({ refreshTokenLifetimeDays }: Policy, client: Application) {
  return client.type === 'spa' ? 86_400 : refreshTokenLifetimeDays * 86_400;
}

/**
 * A code or a refresh token in B2C's form: five parts with dots, about a thousand characters, so
 * that clients which shorten or misread them are caught.
 */
function createOpaqueToken(): string {
  const header = encodeJson({
    kid: 'cpimcore_09252015',
    ver: '1.0',
    zip: 'Deflate',
    ser: '1.0',
  });
  const part = (bytes: number) => randomBytes(bytes).toString('base64url');
  return [header, part(256), part(16), part(420), part(16)].join('.');
}

/** A grant works at the policy and for the client it was made for, and nowhere else. */
export function requireOwnGrant(
  { policy, clientId }: Grant,
  asked: { policy: Policy; clientId: string },
): void {
  if (clientId !== asked.clientId) {
    throw new B2cError('AADB2C90279', { clientId: asked.clientId });
  }
  if (policy !== asked.policy) {
    throw new B2cError('AADB2C90088', { actual: asked.policy.name, expected: policy.name });
  }
}

export function requireNotExpired(issuedAt: number, lifetimeMs: number, now: number): void {
  if (now < issuedAt + lifetimeMs) return;
  const seconds = (time: number) => Math.floor(time / 1000);
  const times = { now: seconds(now), issued: seconds(issuedAt) };
  throw new B2cError('AADB2C90080', { ...times, expires: seconds(issuedAt + lifetimeMs) });
}

// RFC 7636, 4.1
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export function requireCodeVerifier(
  challenge: AuthorizationRequest['codeChallenge'],
  verifier: string | undefined,
): void {
  if (!challenge) return;
  if (!verifier || !CODE_VERIFIER.test(verifier)) throw new B2cError('AADB2C90183');
  const computed =
    challenge.method === 'plain'
      ? verifier
      : createHash('sha256').update(verifier).digest('base64url');
  if (computed !== challenge.value) throw new B2cError('AADB2C90182');
}

export function issueCode(codes: ExpiringMap<CodeGrant>, code: Omit<CodeGrant, 'used'>): string {
  const value = createOpaqueToken();
  codes.set(value, { ...code, used: false });
  return value;
}

export function issueRefreshToken(
  refreshTokens: ExpiringMap<RefreshGrant>,
  grant: Grant,
  now: number,
): string {
  const value = createOpaqueToken();
  refreshTokens.set(value, { grant, issuedAt: now, used: false });
  return value;
}

/** Somebody else may have the newest one: what was granted is worth nothing any more (RFC 9700, 4.14.2). */
export function revokeFamily(refreshTokens: ExpiringMap<RefreshGrant>, family: string): void {
  for (const [, refresh] of refreshTokens.entries()) {
    if (refresh.grant.family === family) refresh.used = true;
  }
}

export function requireParameter(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (!value) throw new B2cError('AADB2C90083', { name });
  return value;
}
