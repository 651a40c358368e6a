/** The authorization request of a policy that the engine runs. */
import { createRun } from '../policy/create-run.ts';
import type { Policy } from '../policy/policy.ts';
import type { JourneyRun } from '../policy/run.ts';
import { startJourney } from '../policy/run-journey.ts';
import { findSsoClaims } from '../state/sso-sessions.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { setBrowserCookie, setSsoCookie, ssoBrowser } from './browser-cookies.ts';
import type { Exchange } from './exchange.ts';
import { endRun, followStop } from './follow-stop.ts';
import { createHostedRun } from './hosted-run.ts';
import { describeRequest } from './journey-request.ts';
import { journeyTenant } from './local-tenant.ts';
import { CSRF_COOKIE, readCsrfCookie } from './transaction.ts';

export async function startRun(
  exchange: Exchange,
  model: Policy,
  { request, parameters }: { request: AuthorizationRequest; parameters: URLSearchParams },
): Promise<void> {
  const { tenant, response, route, origin } = exchange;
  const { socket } = exchange.request;
  const run = createRun(model, {
    tenant: journeyTenant(tenant),
    request: describeRequest({ parameters, origin, ipAddress: socket.remoteAddress }),
    session: restoreClaims(exchange, request),
  });
  const stop = await startJourney(run, model.relyingParty.defaultUserJourney);
  if (stop.kind === 'end') return endRun(exchange, { request, run }, stop.outcome);
  if (request.prompt === 'none') {
    const message = 'There is no session, and prompt=none allows no page.';
    return endRun(exchange, { request, run }, { kind: 'error', code: 'AADB2C90077', message });
  }
  const hosted = createHostedRun(request, run, {
    csrf: readCsrfCookie(exchange.request),
    basePath: `/${route.tenantSpelling}/${request.policy.name}`,
  });
  tenant.hostedRuns.set(hosted.id, hosted);
  setBrowserCookie(tenant.url, response, { name: CSRF_COOKIE, value: hosted.csrf });
  return followStop(exchange, hosted, stop);
}

function restoreClaims(
  exchange: Exchange,
  { policy, client }: AuthorizationRequest,
): JourneyRun['sso']['restored'] {
  const { tenant, request, response } = exchange;
  const found = findSsoClaims(ssoBrowser(tenant, request), { policy, client });
  setSsoCookie(tenant, response, found?.cookie);
  return (found?.claims ?? new Map()) as JourneyRun['sso']['restored'];
}
