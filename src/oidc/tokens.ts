import type { TokenEndpointResponse } from 'openid-client';
import { SignInError } from '../errors.ts';

/** What a policy issued; for the server's use alone, never for a browser. */
export interface Tokens {
  /** The newest one, for the hint at sign-out. */
  idToken: string;
  refreshToken?: string | undefined;
  /**
   * It is at the provider, or was and no answer came: then the provider may have replaced it, unheard.
   */
  refreshState?: 'inFlight' | 'unanswered' | undefined;
  /** By the scopes they were asked for with, see `scopeKey`. */
  accessTokens: Readonly<Record<string, AccessToken>>;
}

export interface AccessToken {
  value: string;
  /** When it is time for another one, so that none ends on its way to the API; epoch milliseconds. */
  refreshAt: number;
  expiresAt: number;
}

const DAY_MS = 86_400_000;
// The shortest that B2C can be set to, for a provider that says nothing usable.
const SHORTEST_MS = 300_000;
const EARLY_MS = 60_000;

/**
 * The access token of an answer.
 * @throws SignInError `provider_response_invalid` for a token of another type than Bearer
 */
export function toAccessToken(answer: TokenEndpointResponse, now: number): AccessToken {
  // The library takes a token that is bound to a key, which this server does not have.
  if (answer.token_type !== 'bearer') {
    throw new SignInError('provider_response_invalid', 'the access token is of another type');
  }
  const lifetimeMs = accessTokenLifetimeMs(answer.expires_in);
  const expiresAt = now + lifetimeMs;
  // However short its life, not every request makes a refresh.
  const refreshAt = expiresAt - Math.min(EARLY_MS, lifetimeMs / 2);
  return { value: answer.access_token, refreshAt, expiresAt };
}

/**
 * How long an access token is believed to last: five minutes when the provider says nothing or "not
 * at all", at most the day that is B2C's own limit, so that no number makes a timer, a date or the
 * number of refreshes go astray.
 */
export function accessTokenLifetimeMs(expiresIn: number | undefined): number {
  return expiresIn && expiresIn > 0 ? Math.min(expiresIn * 1000, DAY_MS) : SHORTEST_MS;
}

/** The same for the same scopes, in whatever order; `''` for those of the sign-in itself. */
export function scopeKey(scopes: readonly string[]): string {
  return [...new Set(scopes)].sort().join(' ');
}
