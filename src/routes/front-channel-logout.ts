import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { parseTraceId } from '../http/trace-context.ts';
import type { RelyingParties } from '../oidc/relying-parties.ts';
import { hashSessionId } from '../session/session.ts';
import { groupOfProviderSession } from '../visitor/browser-sessions.ts';
import type { AppContext } from './app-context.ts';

/**
 * The provider loads this in a frame when the user signs out elsewhere (OpenID Connect Front-Channel Logout 1.0).
 * It ends the sessions of the `sid`, which only the provider knows. Without `sid` it ends the session that the
 * logout cookie names, but only if a page of that session's tenant frames it, because any page can.
 */
export function frontChannelLogoutRoute(context: AppContext): Route {
  const { sessions, respondInFrame, log, paths } = context;
  return {
    path: paths.frontChannelLogout,
    audience: 'anyone',
    methods: {
      async GET(request, response) {
        for (const key of await findSessionKeys(request, context)) {
          await sessions.end(key);
          log.info('sign_out', { session: hashSessionId(key), traceId: parseTraceId(request) });
        }
        // The response does not show whether a session ended.
        respondInFrame.html(response, 200, '<!doctype html><title>Signed out</title>');
      },
      HEAD: (_request, response) => respondInFrame.empty(response, 204),
    },
  };
}

async function findSessionKeys(
  request: IncomingMessage,
  {
    relyingParties,
    sessions,
    logoutCookie,
  }: Pick<AppContext, 'relyingParties' | 'sessions' | 'logoutCookie'>,
): Promise<string[]> {
  requireFrame(request);
  const query = parseQuery(request);
  if (query.has('iss') || query.has('sid')) {
    const [issuer, sid] = [singleValue(query, 'iss'), singleValue(query, 'sid')];
    const tenants = issuer && sid ? await findTenants(issuer, relyingParties) : [];
    if (!sid || tenants.length === 0) {
      throw new SignInError(
        'bad_request',
        'front-channel logout with an unknown issuer, or without iss or sid',
      );
    }
    const ended = await Promise.all(
      tenants.map((tenant) => sessions.findAll(groupOfProviderSession(tenant, sid))),
    );
    return ended.flat().map(({ key }) => key);
  }
  const key = logoutCookie.sessionKeyOf(request);
  if (!key) return [];
  const { referer } = request.headers;
  const origin = referer && URL.canParse(referer) ? new URL(referer).origin : '';
  if (![...relyingParties.values()].some(({ origins }) => origins.has(origin))) {
    throw new SignInError('csrf_refused', 'front-channel logout in a frame of another site');
  }
  // A page of one tenant must not end the session of another.
  const session = await sessions.find(key, { slide: false });
  const origins = session && relyingParties.get(session.content.tenant)?.origins;
  return origins?.has(origin) ? [key] : [];
}

/** Finds the tenants with this issuer: usually one, or none. */
async function findTenants(issuer: string, relyingParties: RelyingParties) {
  const tenants = [...relyingParties].map(async ([tenant, party]) =>
    (await party.hasIssuer(issuer)) ? [{ tenant, fingerprint: party.fingerprint }] : [],
  );
  return (await Promise.all(tenants)).flat();
}

function requireFrame({ headers }: IncomingMessage): void {
  const dest = headers['sec-fetch-dest'];
  if (dest === undefined || dest === 'iframe' || dest === 'frame') return;
  throw new SignInError('fetch_refused', 'front-channel logout is for frames');
}
