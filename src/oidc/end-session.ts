import * as openid from 'openid-client';
import type { Provider } from './discovery.ts';

/**
 * The address that ends the visitor's session at the provider and comes back to
 * `postSignOutUri` (OpenID Connect RP-Initiated Logout 1.0, 2); `undefined` when the policy publishes
 * none. The hint makes B2C check where it sends the browser afterwards.
 */
export function buildEndSessionAddress(
  { configuration, hasEndSession }: Provider,
  { idToken, postSignOutUri }: { idToken: string | undefined; postSignOutUri: string },
): URL | undefined {
  if (!hasEndSession) return undefined;
  return openid.buildEndSessionUrl(configuration, {
    post_logout_redirect_uri: postSignOutUri,
    ...(idToken ? { id_token_hint: idToken } : {}),
  });
}
