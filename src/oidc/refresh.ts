import * as openid from 'openid-client';
import { SignInError } from '../errors.ts';
import { signInScope } from './authorization-request.ts';
import type { User } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';
import { checkAccessTokenHash, verifyIdToken } from './id-token.ts';
import { asSignInError } from './provider-error.ts';
import { type AccessToken, toAccessToken } from './tokens.ts';

export interface RefreshRequest {
  refreshToken: string;
  /** Of another API than the sign-in asked for; empty for those of the sign-in. */
  scopes: readonly string[];
  /** Whom the session is about. */
  user: User;
  /** Called before the refresh token goes out. */
  beforeSending: () => Promise<void>;
  /**
   * Takes the refresh token that comes in the place of the old one, before anything is checked: the
   * provider has already given up the old one, so nothing that fails from here on may lose the new.
   */
  keep: (refreshToken: string) => Promise<void>;
}

export interface Refreshed {
  accessToken: AccessToken;
  /** Present when the provider issued a new one, and it passed every check. */
  idToken?: string | undefined;
}

/**
 * A new access token from the policy that issued the refresh token (RFC 6749, 6). An ID token that
 * comes along must be of the same user and policy (OpenID Connect Core 12.2).
 * @throws SignInError `grant_refused` when the provider takes the refresh token no longer,
 *   `subject_mismatch`, `id_token_refused`, `policy_mismatch`, or a fault of the provider
 */
export async function refreshTokens(
  provider: DiscoveredPolicy,
  {
    refreshToken,
    scopes,
    user,
    beforeSending,
    keep,
    signInScopes,
    now,
  }: RefreshRequest & { signInScopes: readonly string[]; now: () => number },
): Promise<Refreshed> {
  const configuration = provider.configurationWith(async (response) => {
    if (!response.ok) return;
    const answer: unknown = await response.json().catch(() => undefined);
    const { refresh_token: rotated } = (answer ?? {}) as { refresh_token?: unknown };
    if (typeof rotated === 'string' && rotated !== '') await keep(rotated);
  });
  // Never left out: a provider would take those of the last refresh.
  const scope =
    scopes.length > 0
      ? ['openid', 'offline_access', ...scopes].join(' ')
      : signInScope(signInScopes, provider.tenant);
  await beforeSending();
  const answer = await openid
    .refreshTokenGrant(configuration, refreshToken, { scope })
    .catch((error) => {
      throw asSignInError(error);
    });
  const accessToken = toAccessToken(answer, now());
  const { id_token: idToken } = answer;
  if (idToken !== undefined) {
    const nonce = String(user.claims['nonce']);
    const options = { provider, nonce, nonceMayBeAbsent: true, now: now() };
    const claims = await verifyIdToken(idToken, options);
    if (claims.sub !== user.subject) {
      throw new SignInError('subject_mismatch', 'the refreshed ID token is of another account');
    }
    checkAccessTokenHash(claims, accessToken.value);
  }
  return { accessToken, idToken };
}
