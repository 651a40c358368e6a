import * as openid from 'openid-client';
import { SignInError } from '../errors.ts';
import { type CheckedClaims, TOKEN_CLAIMS } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';
import { asSignInError } from './provider-error.ts';

// The limit of an ID token: these claims end up in the session too.
const MAX_LENGTH = 64 * 1024;

/**
 * Returns the claims of an ID token together with those of the UserInfo endpoint (OpenID Connect Core 5.3).
 * Claims of the ID token win. Claims about the token and the authentication, such as `auth_time`, come from
 * the signed ID token only: a UserInfo response cannot make an authentication look recent.
 * @throws SignInError if the response is for another `sub`, or unusable
 */
export async function withUserInfo(
  claims: CheckedClaims,
  accessToken: string,
  { configuration }: DiscoveredPolicy,
): Promise<CheckedClaims> {
  const info = await openid.fetchUserInfo(configuration, accessToken, claims.sub).catch((error) => {
    throw asSignInError(error);
  });
  if (JSON.stringify(info).length > MAX_LENGTH) {
    throw new SignInError('provider_response_invalid', 'the UserInfo response is too large');
  }
  const userClaims = Object.entries(info).filter(([name]) => !isTokenClaim(name));
  return { ...Object.fromEntries(userClaims), ...claims };
}

// `amr` lists how the user has authenticated.
const isTokenClaim = (name: string) => TOKEN_CLAIMS.has(name) || name === 'amr';
