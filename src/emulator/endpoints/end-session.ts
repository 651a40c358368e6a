import {
  type Application,
  findApplication,
  isRegisteredRedirectUri,
} from '../definition/application.ts';
import { isLoopbackUrl } from '../definition/loopback.ts';
import { buildIssuer } from '../definition/tenant-kinds.ts';
import { findKeyRing } from '../state/signing-keys.ts';
import { endSsoSession, type SsoSession } from '../state/sso-sessions.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { readSignedClaims } from '../tokens/jwt.ts';
import { setSsoCookie, ssoBrowser } from './browser-cookies.ts';
import { type Exchange, sendPage } from './exchange.ts';
import { readParameters } from './read-parameters.ts';

/** The end-session endpoint: ends the SSO session, and redirects to an allowed URL. */
export async function endSession(exchange: Exchange): Promise<void> {
  const { tenant, policy, request, responder, response, views } = exchange;
  const parameters = await readParameters(exchange);
  const hinted = requireHint(exchange, parameters.get('id_token_hint'));
  const redirectUri = parameters.get('post_logout_redirect_uri');
  if (redirectUri) requireAllowed(redirectUri, hinted);
  const { applications } = tenant.definition;
  const client = hinted ?? findApplication(applications, parameters.get('client_id') ?? '');
  const ended = endSsoSession(ssoBrowser(tenant, request), { policy, client });
  setSsoCookie(tenant, response, ended?.cookie);
  const frames = ended ? logoutFrames(exchange, ended.session, client) : [];
  const target = redirectUri ? withEchoedState(redirectUri, parameters.get('state')) : undefined;
  if (target && frames.length === 0) {
    responder.redirect(response, request.method === 'POST' ? 303 : 302, target);
    return;
  }
  const origins = [...new Set(frames.map((frame) => new URL(frame).origin))];
  sendPage(exchange, views.signedOut({ frames, target: target?.href }), { frames: origins });
}

/** The front-channel logout URLs of the other applications in the session. */
function logoutFrames(
  { tenant, policy, origin }: Exchange,
  session: SsoSession,
  initiator: Application | undefined,
): string[] {
  if (!policy.frontChannelLogout) return [];
  const { applications, behavior, tenant: definition } = tenant.definition;
  return [...session.applications].flatMap((id) => {
    const application = findApplication(applications, id);
    if (!application?.logoutUrl || application === initiator) return [];
    const url = new URL(application.logoutUrl);
    if (behavior.logoutIssuerAndSession) {
      url.searchParams.set('iss', buildIssuer(origin, definition, policy));
      url.searchParams.set('sid', session.sid);
    }
    return [url.href];
  });
}

function withEchoedState(target: string, state: string | null): URL {
  const url = new URL(target);
  if (state !== null) url.searchParams.append('state', state);
  return url;
}

/** The application that a valid `id_token_hint` names. B2C checks neither its expiry nor its policy. */
function requireHint({ tenant, policy }: Exchange, hint: string | null): Application | undefined {
  if (!hint && policy.requireIdTokenInLogout) throw new B2cError('AADB2C90272');
  const claims = hint ? readSignedClaims(hint, findKeyRing(tenant.keys, policy)) : undefined;
  const client = findApplication(tenant.definition.applications, String(claims?.['aud']));
  if (!client && policy.requireIdTokenInLogout) throw new B2cError('AADB2C90210');
  return client;
}

/**
 * Without an `id_token_hint`, B2C redirects to any HTTPS URL: an open redirector by design. With a
 * hint, the URL has to be a registered redirect URI.
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
