import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { IDP_ACCESS_TOKEN } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';

// Servers and proxies take request lines of 8 KiB and headers of not much more. An ID token with the
// tokens or groups of another provider inside can be longer than that by itself.
const MAX_LENGTH = 7_000;

/**
 * The address that ends the visitor's session at the provider and comes back to
 * `postSignOutUri` (OpenID Connect RP-Initiated Logout 1.0, 2); `undefined` when the policy publishes
 * none. The hint makes B2C check where it sends the browser afterwards. Where it would make the
 * address too long it is left out, because an address that is refused ends nothing; the client id, which
 * is always there, tells B2C whose session to end. So it is where the ID token holds the token of another
 * provider, because an address is seen by the page, the browser's history and servers in between.
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
