import { recordParameters } from '../admin/request-log.ts';
import { type Application, findApplication } from '../tenant/application.ts';
import { keyRingOf } from '../tenant/local-tenant.ts';
import { issuerOf } from '../tenant/shapes.ts';
import { readSignedClaims } from '../tokens/jwt.ts';
import { isRegisteredRedirectUri } from './authorization-request.ts';
import { B2cError } from './b2c-error.ts';
import { type Exchange, sendPage } from './exchange.ts';
import { isLoopbackUrl } from './loopback.ts';
import { endSsoSession, type SsoSession } from './sso.ts';

/** The logout endpoint: ends the browser's session here, and goes back when it may. */
export function endSession(exchange: Exchange): void {
  const { tenant, policy, responder, response, query, views } = exchange;
  recordParameters(exchange.record, query);
  const hinted = requireHint(exchange);
  const wanted = query.get('post_logout_redirect_uri');
  if (wanted) requireAllowed(wanted, hinted);
  const { applications } = tenant.definition;
  const client = hinted ?? findApplication(applications, query.get('client_id') ?? '');
  const session = endSsoSession(tenant, exchange, { policy, client });
  const frames = session ? logoutFrames(exchange, { session, initiator: client }) : [];
  const target = wanted ? withEchoedState(wanted, query.get('state')) : undefined;
  if (target && frames.length === 0) {
    responder.redirect(response, 302, target);
    return;
  }
  const origins = [...new Set(frames.map((frame) => new URL(frame).origin))];
  sendPage(exchange, views.signedOut({ frames, target: target?.href }), { frames: origins });
}

/** One address for each other application of the session that wants to know. */
function logoutFrames(
  { tenant, policy, origin }: Exchange,
  { session, initiator }: { session: SsoSession; initiator: Application | undefined },
): string[] {
  if (!policy.frontChannelLogout) return [];
  const { applications, behaviour, tenant: definition } = tenant.definition;
  return [...session.applications].flatMap((id) => {
    const application = findApplication(applications, id);
    if (!application?.logoutUrl || application === initiator) return [];
    const url = new URL(application.logoutUrl);
    if (behaviour.logoutIssuerAndSession) {
      url.searchParams.set('iss', issuerOf(origin, definition, policy));
      url.searchParams.set('sid', session.sid);
    }
    return [url.href];
  });
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
