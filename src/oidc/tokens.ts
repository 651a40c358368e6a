import type { TokenEndpointResponse } from 'openid-client';
import { SignInError } from '../errors.ts';

/** The tokens that a policy issued. They stay on the server. */
export interface Tokens {
  /** The newest one, for `id_token_hint` at sign-out. */
  idToken: string;
  refreshToken?: string | undefined;
  /**
   * `inFlight`: the refresh token has been sent. `unanswered`: no response came, so the provider may have
   * replaced it already.
   */
  refreshState?: 'inFlight' | 'unanswered' | undefined;
  /** By their scopes, see `scopeKey`. */
  accessTokens: Readonly<Record<string, AccessToken>>;
}

export interface AccessToken {
  value: string;
  /** When to refresh it, so that it does not expire on the way to the API; epoch milliseconds. */
  refreshAt: number;
  expiresAt: number;
}

const DAY_MS = 86_400_000;
// B2C's shortest setting, for a response without a usable lifetime.
const SHORTEST_MS = 300_000;
const EARLY_MS = 60_000;

/**
 * Returns the access token of a token response.
 * @throws SignInError `provider_response_invalid` if the token type is not Bearer
 */
export function toAccessToken(response: TokenEndpointResponse, now: number): AccessToken {
  // The library also accepts DPoP tokens, which need a key that b2c-signin does not have.
  if (response.token_type !== 'bearer') {
    throw new SignInError('provider_response_invalid', 'the token type is not Bearer');
  }
  const lifetimeMs = accessTokenLifetimeMs(response.expires_in);
  const expiresAt = now + lifetimeMs;
  // Even with a very short lifetime, not every request causes a refresh.
  const refreshAt = expiresAt - Math.min(EARLY_MS, lifetimeMs / 2);
  return { value: response.access_token, refreshAt, expiresAt };
}

/**
 * Returns the assumed lifetime of an access token: five minutes if `expires_in` is missing or not positive,
 * and at most one day, which is B2C's limit. So no value can overflow a timer or a date.
 */
export function accessTokenLifetimeMs(expiresIn: number | undefined): number {
  return expiresIn && expiresIn > 0 ? Math.min(expiresIn * 1000, DAY_MS) : SHORTEST_MS;
}

/** Returns a key that does not depend on the order of scopes; `''` for those of the sign-in. */
export function scopeKey(scopes: readonly string[]): string {
  return [...new Set(scopes)].sort().join(' ');
}
