import * as openid from 'openid-client';
import { SignInError } from '../errors.ts';
import type { CheckedClaims } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';
import { asSignInError } from './provider-error.ts';

// As much as an ID token may hold: it ends up in the session too.
const MAX_LENGTH = 64 * 1024;

/**
 * What a provider says of the user besides the ID token (OpenID Connect Core 5.3). It is of the same
 * `sub`, and where both say something the signed token counts.
 * @throws SignInError
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
    throw new SignInError('provider_response_invalid', 'the UserInfo endpoint says too much');
  }
  return { ...info, ...claims };
}
