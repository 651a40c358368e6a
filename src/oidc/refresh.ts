import * as openid from 'openid-client';
import { SignInError } from '../errors.ts';
import { signInScope } from './authorization-request.ts';
import type { ReadClaims } from './claim-types.ts';
import type { CheckedClaims, User } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';
import { checkAccessTokenHash, verifyIdToken } from './id-token.ts';
import { asSignInError } from './provider-error.ts';
import { isIdentityScope } from './tenant-kind.ts';
import { type AccessToken, toAccessToken } from './tokens.ts';
import { withUserInfo } from './user-info.ts';

export interface RefreshRequest {
  refreshToken: string;
  /** The scopes of another API; empty for those of the sign-in. */
  scopes: readonly string[];
  /** The user of the session. */
  user: User;
  /** Called before the refresh token is sent. */
  beforeSending: () => Promise<void>;
  /**
   * Stores the refresh token that replaces the old one. Called before the response is validated: the
   * provider no longer accepts the old one, so no later error may lose the new one.
   */
  keep: (refreshToken: string) => Promise<void>;
}

export interface Refreshed {
  accessToken: AccessToken;
  /** Present if the provider issued a new one, and it passed every check. */
  idToken?: string | undefined;
  /** The claims of that ID token; `undefined` if the UserInfo endpoint, which adds some, failed. */
  claims?: CheckedClaims | undefined;
}

/**
 * Gets a new access token from the policy that issued the refresh token (RFC 6749, 6). An ID token in the
 * response must be for the same user and policy (OpenID Connect Core 12.2).
 * @throws SignInError `grant_refused` if the provider no longer accepts the refresh token,
 *   `subject_mismatch`, `id_token_refused`, `policy_mismatch`, or an error of the provider
 */
export async function refreshTokens(
  provider: DiscoveredPolicy,
  request: RefreshRequest & {
    signInScopes: readonly string[];
    readClaims: ReadClaims;
    now: () => number;
  },
): Promise<Refreshed> {
  const { refreshToken, user, beforeSending, keep, readClaims, now } = request;
  const configuration = provider.configurationWith(async (response) => {
    if (!response.ok) return;
    const body: unknown = await response.json().catch(() => undefined);
    const { refresh_token: rotated } = (body ?? {}) as { refresh_token?: unknown };
    if (typeof rotated === 'string' && rotated !== '') await keep(rotated);
  });
  await beforeSending();
  const response = await openid
    .refreshTokenGrant(configuration, refreshToken, { scope: refreshScope(request, provider) })
    .catch((error) => {
      throw asSignInError(error);
    });
  const accessToken = toAccessToken(response, now());
  const { id_token: idToken } = response;
  if (idToken === undefined) return { accessToken };
  const nonce = String(user.claims['nonce']);
  const options = { provider, nonce, nonceMayBeAbsent: true, now: now() };
  const claims = await verifyIdToken(idToken, options);
  if (claims.sub !== user.subject) {
    throw new SignInError('subject_mismatch', 'the refreshed ID token is of another account');
  }
  checkAccessTokenHash(claims, accessToken.value);
  if (!provider.hasUserInfo) return { accessToken, idToken, claims: readClaims(claims) };
  // An error here must not lose the new tokens. The session keeps its claims until the next refresh.
  const allClaims = await withUserInfo(claims, accessToken.value, provider).catch(() => undefined);
  return { accessToken, idToken, claims: allClaims && readClaims(allClaims) };
}

/**
 * Always sent: without it, a provider would use the scopes of the last refresh. For another API it has the
 * sign-in's identity scopes too, on which the claims of the new ID token depend.
 */
function refreshScope(
  { scopes, signInScopes }: { scopes: readonly string[]; signInScopes: readonly string[] },
  { tenant }: DiscoveredPolicy,
): string {
  if (scopes.length === 0) return signInScope(signInScopes, tenant);
  const identityScopes = signInScopes.filter(isIdentityScope);
  return [...new Set(['openid', 'offline_access', ...identityScopes, ...scopes])].join(' ');
}
