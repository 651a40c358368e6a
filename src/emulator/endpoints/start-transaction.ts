/** The authorization request of a policy that the engine runs. */
import type { Policy as Settings } from '../definition/policy.ts';
import { chooseLanguage } from '../pages/languages.ts';
import type { ClaimValue } from '../policy/claims-bag.ts';
import { createRun } from '../policy/create-run.ts';
import type { Policy } from '../policy/policy.ts';
import type { JourneyRun } from '../policy/run.ts';
import { startJourney } from '../policy/run-journey.ts';
import { findSsoSignIn } from '../state/sso-sessions.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { invitationClaims } from '../user-flows/build-user-flow.ts';
import { ACCOUNT_SESSION } from '../user-flows/profiles.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { setBrowserCookie, setSsoCookie, ssoBrowser } from './browser-cookies.ts';
import type { Exchange } from './exchange.ts';
import { endRun, followStop } from './follow-stop.ts';
import { describeRequest } from './journey-request.ts';
import { journeyTenant, type LocalTenant } from './local-tenant.ts';
import { CSRF_COOKIE, createTransaction, readCsrfCookie } from './transaction.ts';

export async function startTransaction(
  exchange: Exchange,
  { request, parameters }: { request: AuthorizationRequest; parameters: URLSearchParams },
): Promise<void> {
  const { tenant, response, route, origin } = exchange;
  const { socket } = exchange.request;
  const { policy, hintedClaims } = request;
  const model = requireModel(tenant, policy);
  const run = createRun(model, {
    tenant: journeyTenant(tenant),
    request: describeRequest({ parameters, origin, ipAddress: socket.remoteAddress }),
    session: restoreClaims(exchange, request),
    claims: invitationClaims(policy, hintedClaims),
    language: chooseLanguage(request.uiLocales).tag,
  });
  exchange.record.trace = run.request.correlationId;
  const stop = await startJourney(run, model.relyingParty.defaultUserJourney);
  if (stop.kind === 'end') return endRun(exchange, { request, run }, stop.outcome);
  if (request.prompt === 'none') {
    const message = 'There is no session, and prompt=none allows no page.';
    return endRun(exchange, { request, run }, { kind: 'error', code: 'AADB2C90077', message });
  }
  const transaction = createTransaction(request, run, {
    csrf: readCsrfCookie(exchange.request),
    basePath: `/${route.tenantSpelling}/${request.policy.name}`,
    requestId: String(response.getHeader('x-request-id')),
  });
  tenant.transactions.set(transaction.id, transaction);
  setBrowserCookie(tenant.url, response, { name: CSRF_COOKIE, value: transaction.csrf });
  return followStop(exchange, transaction, stop);
}

/** @throws B2cError if the policy has no definition, as after its file was removed */
function requireModel({ models }: Pick<LocalTenant, 'models'>, { name }: Settings): Policy {
  const model = models.get(name.toLowerCase());
  if (!model) throw new B2cError('AADB2C90046');
  return model;
}

/** The claims of the browser's SSO session. User flows need its account only. */
function restoreClaims(
  exchange: Exchange,
  { policy, client, prompt }: AuthorizationRequest,
): JourneyRun['sso']['restored'] {
  const { tenant, request, response } = exchange;
  if (prompt === 'login') return new Map();
  const browser = { ...ssoBrowser(tenant, request), accounts: tenant.accounts };
  const found = findSsoSignIn(browser, { policy, client });
  if (!found) return new Map();
  setSsoCookie(tenant, response, found.cookie);
  const { accountOid, claims } = found.signIn;
  const restored = new Map(claims) as Map<string, ReadonlyMap<string, ClaimValue>>;
  if (accountOid !== '') restored.set(ACCOUNT_SESSION, new Map([['objectid', accountOid]]));
  return restored;
}
