import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { parseTraceId } from '../http/trace-context.ts';
import { keyOf } from '../oidc/policy.ts';
import { hashSessionId } from '../session/session.ts';
import { groupOfProviderSession } from '../visitor/browser-sessions.ts';
import type { AppContext } from './app-context.ts';

/**
 * What the provider loads in a frame when somebody signs out elsewhere (OpenID Connect Front-Channel
 * Logout 1.0). It ends the sessions of the `sid` that nobody else can know, or else the one that the
 * logout cookie names; then a page of that session's tenant must be seen to frame this one, because any page may.
 */
export function frontChannelLogoutRoute(parts: AppContext): Route {
  const { sessions, respondInFrame, log, paths } = parts;
  return {
    path: paths.frontChannelLogout,
    audience: 'anyone',
    methods: {
      async GET(request, response) {
        for (const key of await sessionsMeant(request, parts)) {
          await sessions.end(key);
          log.info('sign_out', { session: hashSessionId(key), traceId: parseTraceId(request) });
        }
        // The same for whomever it was, and for nobody.
        respondInFrame.html(response, 200, '<!doctype html><title>Signed out</title>');
      },
      HEAD: (_request, response) => respondInFrame.empty(response, 204),
    },
  };
}

async function sessionsMeant(
  request: IncomingMessage,
  { relyingParty, sessions, logoutCookie }: AppContext,
): Promise<string[]> {
  requireFrame(request);
  const query = parseQuery(request);
  if (query.has('iss') || query.has('sid')) {
    const [issuer, sid] = [singleValue(query, 'iss'), singleValue(query, 'sid')];
    const tenants = issuer && sid ? await relyingParty.tenantsOfIssuer(issuer) : [];
    if (!sid || tenants.length === 0) {
      throw new SignInError(
        'bad_request',
        'front-channel logout for another issuer, or half of one',
      );
    }
    const found = tenants.map((name) => {
      const policy = keyOf(name, 'signIn');
      const bound = { policy, binding: relyingParty.findFingerprint(policy) };
      return sessions.findAll(groupOfProviderSession(bound, sid));
    });
    return (await Promise.all(found)).flat().map(({ key }) => key);
  }
  const key = logoutCookie.sessionKeyOf(request);
  if (!key) return [];
  const { referer } = request.headers;
  const origin = referer && URL.canParse(referer) ? new URL(referer).origin : '';
  if (!relyingParty.origins.has(origin)) {
    throw new SignInError('csrf_refused', 'front-channel logout in a frame of somebody else');
  }
  // Of several tenants, none speaks for another.
  const session = await sessions.find(key, { slide: false });
  return session && relyingParty.originsOf(session.content.policy).has(origin) ? [key] : [];
}

function requireFrame({ headers }: IncomingMessage): void {
  const dest = headers['sec-fetch-dest'];
  if (dest === undefined || dest === 'iframe' || dest === 'frame') return;
  throw new SignInError('fetch_refused', 'front-channel logout is for frames');
}
