/** Turns the outcome of a journey into a page, a redirect or tokens. */
import type { LocalPath } from '../../http/local-path.ts';
import type { FormErrors } from '../journeys/form.ts';
import { NO_ERRORS } from '../journeys/form.ts';
import type { Outcome } from '../journeys/journey.ts';
import { goToStep } from '../journeys/run-journey.ts';
import { linkUrl } from '../pages/page-links.ts';
import { buildJourneyPage } from '../pages/user-flow-page.ts';
import { startSsoSession } from '../state/sso-sessions.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { buildErrorResponse } from './authorization-response.ts';
import { setSsoCookie, ssoBrowser } from './browser-cookies.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { type Exchange, redirectToApplication, sendPage } from './exchange.ts';
import { injectIntoContent, readPageContent } from './page-content.ts';
import { createNonce } from './response-headers.ts';
import type { Transaction } from './transaction.ts';

export function followOutcome(
  exchange: Exchange,
  transaction: Transaction,
  outcome: Outcome | undefined,
): void | Promise<void> {
  if (outcome?.kind === 'step') {
    goToStep(transaction.journey, outcome.step, exchange.tenant.accounts);
    return showPage(exchange, transaction);
  }
  if (outcome?.kind === 'error') {
    return redirectWithError(exchange, transaction, new B2cError(outcome.code, outcome.details));
  }
  const signedIn = outcome?.kind === 'signed_in' && completeJourney(exchange, transaction, outcome);
  // As in B2C, if a script continues after a rejected form.
  if (!signedIn) redirectWithError(exchange, transaction, new B2cError('AADB2C90255'));
}

/** Ends a successful journey. False if the account no longer exists. */
function completeJourney(
  exchange: Exchange,
  { id, request }: Transaction,
  { accountOid, claims, keep }: Extract<Outcome, { kind: 'signed_in' }>,
): boolean {
  const { tenant, query } = exchange;
  const account = tenant.accounts.get(accountOid);
  if (!account) return false;
  tenant.transactions.delete(id);
  const { session, cookie } = startSsoSession(ssoBrowser(tenant, exchange.request), {
    policy: request.policy,
    client: request.client,
    accountOid,
    keep: keep || query.get('rememberMe') === 'true',
  });
  setSsoCookie(tenant, exchange.response, cookie);
  const { sid } = session;
  redirectToApplication(exchange, completeSignIn(tenant, request, { account, claims, sid }));
  return true;
}

export function redirectWithError(
  exchange: Exchange,
  { id, request }: Transaction,
  error: B2cError,
): void {
  const { transactions, definition, now } = exchange.tenant;
  transactions.delete(id);
  const context = { tenant: definition.tenant, now: now() };
  redirectToApplication(exchange, buildErrorResponse(request.returnTarget, error, context));
}

/** Shows the page of the current step, in its frame or in the policy's custom page. */
export async function showPage(
  exchange: Exchange,
  { journey, language, ...session }: Transaction,
  errors: FormErrors = NO_ERRORS,
): Promise<void> {
  const { views, policy, tenant } = exchange;
  const nonce = createNonce();
  const { identityProviders } = tenant.definition;
  const model = buildJourneyPage(journey, { session, language, errors, nonce, identityProviders });
  const { content, allowScript } = policy.page;
  if (content === undefined) return sendPage(exchange, views.journey(model), { nonce });
  const frame = await readPageContent(content, language.tag);
  const html = injectIntoContent(views.journeyContent(model), frame, { allowScript });
  sendPage(exchange, html, { nonce, hasCustomContent: true, allowsCustomScript: allowScript });
}

/** Redirects to another page of the transaction. */
export function seeOther(
  { responder, response }: Exchange,
  transaction: Transaction,
  path: string,
): void {
  responder.redirect(response, 303, linkUrl(transaction, path) as LocalPath);
}

export function goToProvider(exchange: Exchange, transaction: Transaction, id: string): void {
  transaction.providerId = id;
  seeOther(exchange, transaction, 'oauth2/simulated-provider');
}
