import type { TenantKindName } from './tenant-kinds.ts';

/** Switches for B2C behavior that is undocumented, limited in time, or inconvenient in tests. */
export interface Behavior {
  /** AADB2C90006 is sent to a registered redirect URI, as by B2C, or shown on a page. */
  redirectUriMismatch: 'redirect' | 'page';
  /** For libraries that require an `access_token`: issues one for the client itself. */
  accessTokenWithoutResource: boolean;
  /** Adds `iss` and `sid` to front-channel logout, and `sid` to ID tokens. B2C documents neither. */
  logoutIssuerAndSession: boolean;
  /** After this many wrong passwords, the account is locked for this long. */
  lockout: { failures: number; seconds: number };
  /** Rate limit. Requests above it get 429 and AADB2C90244. */
  throttle?: { requests: number; seconds: number };
}

const B2C_BEHAVIOR: Behavior = {
  redirectUriMismatch: 'redirect',
  accessTokenWithoutResource: false,
  logoutIssuerAndSession: false,
  lockout: { failures: 10, seconds: 60 },
};

export const DEFAULT_BEHAVIOR: Record<TenantKindName, Behavior> = {
  b2c: B2C_BEHAVIOR,
  'external-id': { ...B2C_BEHAVIOR, redirectUriMismatch: 'page' },
};
