import { parseForm } from '../../http/request.ts';
import type { IdentityProvider } from '../definition/identity-provider.ts';
import type { Policy } from '../definition/policy.ts';
import { startJourney } from '../journeys/run-journey.ts';
import { recordParameters } from '../state/request-log.ts';
import { findSsoAccount } from '../state/sso-sessions.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  parseReturnTarget,
} from './authorization-request.ts';
import { type AuthorizationResponse, buildErrorResponse } from './authorization-response.ts';
import { setBrowserCookie, setSsoCookie, ssoBrowser } from './browser-cookies.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { type Exchange, redirectToApplication } from './exchange.ts';
import { goToProvider, showPage } from './follow-outcome.ts';
import type { LocalTenant } from './local-tenant.ts';
import { startRun } from './start-run.ts';
import { CSRF_COOKIE, createTransaction, readCsrfCookie, type Transaction } from './transaction.ts';

/** The authorization endpoint: responds immediately if SSO allows it, otherwise shows a page. */
export async function authorize(exchange: Exchange): Promise<void> {
  const { request, tenant, policy, origin } = exchange;
  const parameters = request.method === 'POST' ? await parseForm(request) : exchange.query;
  recordParameters(exchange.record, parameters);
  const opened = openAuthorizationRequest(tenant, parameters, { policy, origin });
  if ('error' in opened) return redirectToApplication(exchange, opened.error);
  const { request: opening } = opened;
  const model = tenant.models.get(policy.name.toLowerCase());
  await (model
    ? startRun(exchange, model, { request: opening, parameters })
    : handleAuthorizationRequest(exchange, opening));
}

/**
 * Returns the valid request, or the error response to the application.
 * @throws B2cError for an error page
 */
export function openAuthorizationRequest(
  { definition, now }: Pick<LocalTenant, 'definition' | 'now'>,
  parameters: URLSearchParams,
  { policy, origin }: { policy: Policy; origin: string },
): { request: AuthorizationRequest } | { error: AuthorizationResponse } {
  const returnTarget = parseReturnTarget(parameters, definition);
  try {
    const context = { policy, origin, definition, now: now() };
    return { request: parseAuthorizationRequest(parameters, returnTarget, context) };
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    const context = { tenant: definition.tenant, now: now() };
    return { error: buildErrorResponse(returnTarget, error, context) };
  }
}

function handleAuthorizationRequest(
  exchange: Exchange,
  request: AuthorizationRequest,
): void | Promise<void> {
  const { tenant, policy } = exchange;
  const sso = request.prompt === 'login' ? undefined : findSsoSignIn(exchange, request);
  if (sso && (policy.kind === 'signUpOrSignIn' || policy.kind === 'signIn')) {
    const signedIn = { account: sso.account, claims: {}, sid: sso.session.sid };
    return redirectToApplication(exchange, completeSignIn(tenant, request, signedIn));
  }
  if (request.prompt === 'none') {
    const context = { tenant: tenant.definition.tenant, now: tenant.now() };
    const error = new B2cError('AADB2C90077');
    return redirectToApplication(
      exchange,
      buildErrorResponse(request.returnTarget, error, context),
    );
  }
  const transaction = startTransaction(exchange, request, sso?.account.oid);
  const provider = findHintedProvider(tenant.definition.identityProviders, request);
  return provider && transaction.journey.step === 'sign_in'
    ? goToProvider(exchange, transaction, provider.id)
    : showPage(exchange, transaction);
}

function findSsoSignIn(exchange: Exchange, request: AuthorizationRequest) {
  const { tenant } = exchange;
  const browser = ssoBrowser(tenant, exchange.request);
  const found = findSsoAccount({ ...browser, accounts: tenant.accounts }, request);
  setSsoCookie(tenant, exchange.response, found?.cookie);
  return found;
}

function startTransaction(
  exchange: Exchange,
  request: AuthorizationRequest,
  accountOid: string | undefined,
): Transaction {
  const { tenant, route, response } = exchange;
  const { policy, loginHint, hintedClaims } = request;
  const input = { policy, accountOid, loginHint, hintedClaims };
  const transaction = createTransaction(request, startJourney(input, tenant.accounts), {
    csrf: readCsrfCookie(exchange.request),
    basePath: `/${route.tenantSpelling}/${policy.name}`,
  });
  tenant.transactions.set(transaction.id, transaction);
  setBrowserCookie(tenant.url, response, { name: CSRF_COOKIE, value: transaction.csrf });
  return transaction;
}

/** The identity provider that `domain_hint` names. */
function findHintedProvider(
  identityProviders: readonly IdentityProvider[],
  { domainHint, policy }: AuthorizationRequest,
): IdentityProvider | undefined {
  return identityProviders.find(
    (provider) =>
      provider.domainHint === domainHint?.toLowerCase() &&
      policy.identityProviders.includes(provider.id),
  );
}
