import { parseForm } from '../../http/request.ts';
import { recordParameters } from '../admin/request-log.ts';
import { completeSignIn } from '../journeys/complete-sign-in.ts';
import { NO_ERRORS } from '../journeys/form.ts';
import { openJourney, showStep } from '../journeys/journey.ts';
import { goToProvider } from '../journeys/simulated-provider.ts';
import { FIRST_STEP } from '../journeys/steps.ts';
import type { Account } from '../tenant/accounts.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { Policy } from '../tenant/policy.ts';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  parseReturnAddress,
} from './authorization-request.ts';
import { type AuthorizationResponse, buildErrorResponse } from './authorization-response.ts';
import { B2cError } from './b2c-error.ts';
import { type Exchange, sendAuthorizationResponse } from './exchange.ts';
import { findSsoAccount } from './sso.ts';

/** The authorization endpoint: an answer at once when a session allows it, else the first page. */
export async function authorize(exchange: Exchange): Promise<void> {
  const { request, tenant, policy, origin } = exchange;
  const parameters = request.method === 'POST' ? await parseForm(request) : exchange.query;
  recordParameters(exchange.record, parameters);
  const opened = openAuthorizationRequest(tenant, parameters, { policy, origin });
  if ('error' in opened) return sendAuthorizationResponse(exchange, opened.error);
  await answerAuthorizationRequest(exchange, opened.request);
}

/**
 * The request when it is valid, else the error to take back to the application.
 * @throws B2cError for what can only be told on a page
 */
export function openAuthorizationRequest(
  tenant: LocalTenant,
  parameters: URLSearchParams,
  { policy, origin }: { policy: Policy; origin: string },
): { request: AuthorizationRequest } | { error: AuthorizationResponse } {
  const { definition } = tenant;
  const returnAddress = parseReturnAddress(parameters, definition);
  try {
    const context = { policy, origin, definition, now: tenant.now() };
    return { request: parseAuthorizationRequest(parameters, returnAddress, context) };
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    return { error: buildErrorResponse(returnAddress, error, tenant) };
  }
}

function answerAuthorizationRequest(
  exchange: Exchange,
  request: AuthorizationRequest,
): void | Promise<void> {
  const { tenant, policy } = exchange;
  const { prompt, returnAddress } = request;
  const found = prompt === 'login' ? undefined : findSsoAccount(tenant, exchange, request);
  if (found && needsNoPage(policy)) {
    const { account, session } = found;
    const answer = completeSignIn(tenant, request, { account, claims: {}, sid: session.sid });
    sendAuthorizationResponse(exchange, answer);
  } else if (prompt === 'none') {
    const error = new B2cError('AADB2C90077');
    sendAuthorizationResponse(exchange, buildErrorResponse(returnAddress, error, tenant));
  } else {
    return startJourney(exchange, request, firstStep(policy, found?.account));
  }
}

/** The first page, or with a `domain_hint` straight to that provider. */
function startJourney(
  exchange: Exchange,
  request: AuthorizationRequest,
  first: Parameters<typeof openJourney>[2],
): void | Promise<void> {
  const { tenant, policy } = exchange;
  const transaction = openJourney(exchange, request, first);
  const hint = request.domainHint?.toLowerCase();
  const hinted = tenant.definition.identityProviders.find(
    ({ id, domainHint }) => domainHint === hint && policy.identityProviders.includes(id),
  );
  if (hinted && first.step === 'sign_in') return goToProvider(exchange, transaction, hinted.id);
  return showStep(exchange, transaction, NO_ERRORS);
}

const needsNoPage = ({ kind }: Policy) => kind === 'signUpOrSignIn' || kind === 'signIn';

function firstStep(
  { kind }: Policy,
  account: Account | undefined,
): Parameters<typeof openJourney>[2] {
  if (kind === 'editProfile' && account) return { step: 'edit_profile', accountOid: account.oid };
  // The password grant has no pages, and its authorization endpoint does not exist.
  return { step: kind === 'passwordGrant' ? 'sign_in' : FIRST_STEP[kind] };
}
