import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { IDP_ACCESS_TOKEN } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';

// Servers and proxies accept request lines of 8 KiB. An ID token that contains the tokens or groups of an
// identity provider can be longer than that.
const MAX_LENGTH = 7_000;

/**
 * Builds the URL that ends the user's session at the provider and then redirects to `postSignOutUri`
 * (OpenID Connect RP-Initiated Logout 1.0, 2). Returns `undefined` if the policy has no end-session
 * endpoint. With `id_token_hint`, B2C checks the post-logout redirect URI. The hint is left out if
 * - the URL would be too long. The client ID, which is always sent, is enough to end the session.
 * - the ID token contains an access token of an identity provider, because pages, the browser history and
 *   proxies see the URL.
 */
export function buildEndSessionUrl(
  { configuration, hasEndSession }: DiscoveredPolicy,
  { idToken, postSignOutUri }: { idToken: string | undefined; postSignOutUri: string },
): URL | undefined {
  if (!hasEndSession) return undefined;
  const parameters = { post_logout_redirect_uri: postSignOutUri };
  const plain = openid.buildEndSessionUrl(configuration, parameters);
  if (!idToken || plain.href.length + idToken.length > MAX_LENGTH) return plain;
  if (IDP_ACCESS_TOKEN in decodeJwt(idToken)) return plain;
  return openid.buildEndSessionUrl(configuration, { ...parameters, id_token_hint: idToken });
}
