import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignInError } from '../errors.ts';
import { parseForm, singleValue } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { parseTraceId } from '../http/trace-context.ts';
import { LOGOUT_TOKEN_LIFETIME_MS, type LogoutToken } from '../oidc/logout-token.ts';
import type { RelyingParties } from '../oidc/relying-parties.ts';
import { hashSessionId } from '../session/session.ts';
import { groupOfProviderSession, groupOfUser } from '../visitor/browser-sessions.ts';
import type { AppContext } from './app-context.ts';

/**
 * The provider sends a logout token when the user signs out elsewhere (OpenID Connect Back-Channel Logout 1.0). It
 * ends the sessions of its `sid`, or without one all sessions of its `sub`. No route without such a tenant.
 */
export function backChannelLogoutRoutes(context: AppContext): Route[] {
  const { relyingParties, respond, log, paths } = context;
  if (![...relyingParties.values()].some(({ verifyLogoutToken }) => verifyLogoutToken)) return [];
  const refuse = (request: IncomingMessage, response: ServerResponse, error: SignInError) => {
    const { code, message: detail } = error;
    log.warn('back_channel_logout_refused', { code, detail, traceId: parseTraceId(request) });
    // The provider can try again if only its keys could not be loaded.
    const isOutage = code === 'provider_unreachable';
    const body = { error: isOutage ? 'temporarily_unavailable' : 'invalid_request' };
    respond.json(response, isOutage ? 503 : 400, body);
  };
  return [
    {
      path: paths.backChannelLogout,
      // The provider's server sends the request. No cookie is read.
      audience: 'anyone',
      methods: {
        async POST(request, response) {
          const form = await parseForm(request);
          try {
            for (const key of await findEndedSessions(form, context)) {
              await context.sessions.end(key);
              log.info('sign_out', { session: hashSessionId(key), traceId: parseTraceId(request) });
            }
          } catch (error) {
            if (!(error instanceof SignInError) || error.code === 'store_unreachable') throw error;
            return refuse(request, response, error);
          }
          respond.empty(response, 200);
        },
      },
    },
  ];
}

async function findEndedSessions(
  form: URLSearchParams,
  { relyingParties, sessions, claimOnce }: AppContext,
): Promise<string[]> {
  const token = singleValue(form, 'logout_token');
  if (!token) throw new SignInError('bad_request', 'logout_token is missing or repeated');
  const ended = await verifyAtTenants(token, relyingParties);
  // Before the token counts as used: if the store fails here, the provider can send it again.
  const found = await Promise.all(ended.map((logout) => findSessions(logout, sessions)));
  const [{ fingerprint, jti }] = ended;
  if (!(await claimOnce(`logout ${fingerprint} ${jti}`, LOGOUT_TOKEN_LIFETIME_MS))) {
    throw new SignInError('bad_request', 'the logout token was used before');
  }
  return found.flat();
}

type TenantLogout = LogoutToken & { tenant: string; fingerprint: string };

/** Verifies a token at each tenant that it is addressed to: usually one, or none. */
async function verifyAtTenants(
  token: string,
  relyingParties: RelyingParties,
): Promise<[TenantLogout, ...TenantLogout[]]> {
  const verified = [...relyingParties].map(async ([tenant, party]) => {
    const logout = await party.verifyLogoutToken?.(token);
    return logout ? [{ ...logout, tenant, fingerprint: party.fingerprint }] : [];
  });
  const [first, ...others] = (await Promise.all(verified)).flat();
  if (first) return [first, ...others];
  throw new SignInError('bad_request', 'the logout token is of another issuer or client');
}

async function findSessions(
  { tenant, fingerprint, sid, subject }: TenantLogout,
  sessions: AppContext['sessions'],
): Promise<string[]> {
  const owner = { tenant, fingerprint };
  const found = await sessions.findAll(
    sid === undefined
      ? groupOfUser({ ...owner, user: { subject: subject ?? '' } })
      : groupOfProviderSession(owner, sid),
  );
  return found
    .filter(({ content }) => subject === undefined || content.user.subject === subject)
    .map(({ key }) => key);
}
