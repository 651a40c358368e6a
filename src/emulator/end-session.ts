import { isRegisteredRedirectUri } from './authorization-request.ts';
import { B2cError } from './b2c-error.ts';
import { type Exchange, sendPage } from './exchange.ts';
import { readSignedClaims } from './jwt.ts';
import { keyRingOf } from './local-tenant.ts';
import { isLoopbackUrl } from './loopback.ts';
import { recordParameters } from './request-log.ts';
import { endSsoSession } from './sso.ts';
import { type Application, findApplication } from './tenant.ts';

/** The logout endpoint: ends the browser's session here, and goes back when it may. */
export function endSession(exchange: Exchange): void {
  const { tenant, responder, response, query, views } = exchange;
  recordParameters(exchange.record, query);
  const client = requireHint(exchange);
  const target = query.get('post_logout_redirect_uri');
  if (target) requireAllowed(target, client);
  endSsoSession(tenant, exchange);
  if (target) responder.redirect(response, 302, withEchoedState(target, query.get('state')));
  else sendPage(exchange, 200, views.signedOut());
}

function withEchoedState(target: string, state: string | null): URL {
  const location = new URL(target);
  if (state !== null) location.searchParams.append('state', state);
  return location;
}

/** The application that a valid hint names. B2C looks at neither its expiry nor its policy. */
function requireHint({ tenant, policy, query }: Exchange): Application | undefined {
  const hint = query.get('id_token_hint');
  if (!hint && policy.requireIdTokenInLogout) throw new B2cError('AADB2C90272');
  const claims = hint ? readSignedClaims(hint, keyRingOf(tenant, policy)) : undefined;
  const client = findApplication(tenant.definition.applications, String(claims?.['aud']));
  if (!client && policy.requireIdTokenInLogout) throw new B2cError('AADB2C90210');
  return client;
}

/**
 * Without a hint B2C follows every https address: an open redirector by design. With one, the
 * address has to be a registered redirect URI.
 */
function requireAllowed(target: string, client: Application | undefined): void {
  const isWellFormed =
    URL.canParse(target) &&
    (target.startsWith('https://') ||
      isLoopbackUrl(target) ||
      target === 'urn:ietf:wg:oauth:2.0:oob');
  if (!isWellFormed || (client && !isRegisteredRedirectUri(client, target))) {
    throw new B2cError('AADB2C90067', { value: target });
  }
}
