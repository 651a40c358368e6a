/** Authorization codes and refresh tokens, and what each of them grants. */
import { randomBytes } from 'node:crypto';
import type { Application } from '../definition/application.ts';
import type { Policy } from '../definition/policy.ts';
import { createExpiringMap, type ExpiringMap } from './expiring-map.ts';

/** The granted scope. Without a resource there is no access token, which surprises most libraries. */
export interface GrantedScope {
  openid: boolean;
  offlineAccess: boolean;
  resource?: Resource;
}

/** An API, or the client itself, that an access token is for. */
export interface Resource {
  /** Client ID of the API, or the client's own ID if it requested itself. */
  audience: string;
  /** Full scope names, as in the `scope` of the response. */
  scopes: string[];
  /** Short names, as in `scp`. Empty for the client itself. */
  shortNames: string[];
}

/** PKCE (RFC 7636). */
export interface CodeChallenge {
  value: string;
  method: 'S256' | 'plain';
}

/** The result of one sign-in. Codes and refresh tokens refer to it. */
export interface Grant {
  /** Shared by all refresh tokens of one sign-in, each of which replaces the one before. */
  family: string;
  clientId: string;
  policy: Policy;
  /** Empty if the journey of a custom policy found no account. */
  accountOid: string;
  /** The user claims of the newest token. */
  userClaims: Record<string, unknown>;
  /** Those of them that the sign-in added to the claims of the account. */
  addedClaims?: Record<string, unknown>;
  /** All claims of a custom policy's journey at its end, for its refresh journey. */
  journeyClaims?: Record<string, unknown>;
  nonce: string | undefined;
  authTimeSeconds: number;
  scope: GrantedScope;
  clientInfo: boolean;
  /** Only if `behavior.logoutIssuerAndSession` is set. */
  sid?: string;
}

export interface CodeGrant {
  grant: Grant;
  redirectUri: string;
  codeChallenge: CodeChallenge | undefined;
  issuedAt: number;
  used: boolean;
}

export interface RefreshGrant {
  grant: Grant;
  issuedAt: number;
  used: boolean;
}

export interface Grants {
  codes: ExpiringMap<CodeGrant>;
  refreshTokens: ExpiringMap<RefreshGrant>;
}

/** "About 10 minutes", and not configurable in B2C. */
export const CODE_LIFETIME_MS = 10 * 60_000;
// Longer than the lifetime of any policy, which is checked separately. B2C allows 90 days.
const REFRESH_TOKENS_KEPT_MS = 100 * 86_400_000;

export function createGrants(now: () => number): Grants {
  return {
    // Kept longer than valid, so that an expired code gets another error than an unknown one.
    codes: createExpiringMap({ lifetimeMs: 3 * CODE_LIFETIME_MS, maxEntries: 10_000, now }),
    refreshTokens: createExpiringMap({
      lifetimeMs: REFRESH_TOKENS_KEPT_MS,
      maxEntries: 20_000,
      now,
    }),
  };
}

/** Fixed at one day for single-page applications, regardless of the policy. */
export function refreshLifetimeSeconds({ refreshTokenLifetimeDays }: Policy, client: Application) {
  return client.type === 'spa' ? 86_400 : refreshTokenLifetimeDays * 86_400;
}

export function issueCode(codes: Grants['codes'], code: Omit<CodeGrant, 'used'>): string {
  const value = createOpaqueToken();
  codes.set(value, { ...code, used: false });
  return value;
}

export function issueRefreshToken(
  refreshTokens: Grants['refreshTokens'],
  grant: Grant,
  now: number,
): string {
  const value = createOpaqueToken();
  refreshTokens.set(value, { grant, issuedAt: now, used: false });
  return value;
}

/** Revokes every refresh token of a sign-in: an attacker may hold the newest (RFC 9700, 4.14.2). */
export function revokeFamily(refreshTokens: Grants['refreshTokens'], family: string): void {
  for (const [, refresh] of refreshTokens.entries()) {
    if (refresh.grant.family === family) refresh.used = true;
  }
}

/**
 * A code or a refresh token in B2C's format: five parts with dots, about a thousand characters. Tests
 * thereby catch clients that truncate or misread long tokens.
 */
function createOpaqueToken(): string {
  const header = { kid: 'cpimcore_09252015', ver: '1.0', zip: 'Deflate', ser: '1.0' };
  const part = (bytes: number) => randomBytes(bytes).toString('base64url');
  const first = Buffer.from(JSON.stringify(header)).toString('base64url');
  return [first, part(256), part(16), part(420), part(16)].join('.');
}
