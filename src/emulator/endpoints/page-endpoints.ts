/**
 * The URLs of the hosted pages, as in B2C:
 *
 *     POST SelfAsserted        the form of the page: shows the page again with errors, or redirects to
 *     GET  api/…/confirmed     the result of the form: the next page, or the application
 *     GET  api/…/cancelled     AADB2C90091 to the application
 *     GET  api/…/unified       links and identity provider buttons of the sign-in page
 *     GET  api/…/forgotPassword  AADB2C90118 to the application
 *     POST SelfAsserted/DisplayControlAction/vbeta/…/SendCode, VerifyCode   for scripts
 *
 * Browsers get pages, scripts get JSON, from the same URLs.
 */
import { parseForm } from '../../http/request.ts';
import type { Outcome } from '../journeys/journey.ts';
import { submitForm } from '../journeys/run-journey.ts';
import { runVerification } from '../journeys/run-verification.ts';
import { keepTypedValues } from '../journeys/typed-values.ts';
import { parseVerificationAction, type VerificationAction } from '../journeys/verification.ts';
import { withClaimNames } from '../pages/user-flow-page.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import type { Exchange } from './exchange.ts';
import {
  followOutcome,
  goToProvider,
  redirectWithError,
  seeOther,
  showPage,
} from './follow-outcome.ts';
import { directory } from './local-tenant.ts';
import { describeErrors, describeVerification, isScript } from './script-responses.ts';
import { requireOwnTransaction, requireTransaction, type Transaction } from './transaction.ts';

/** `SelfAsserted`: the form of the current page. */
export async function selfAsserted(exchange: Exchange): Promise<void> {
  const { tenant, request, responder, response } = exchange;
  if (request.method !== 'POST') {
    // The user opened the form's URL, for example by pressing Enter in the address bar.
    return showPage(exchange, requireOwnTransaction(exchange));
  }
  const sent = await parseForm(request);
  const transaction = requireTransaction(exchange, sent);
  if (sent.get('action') === 'cancel') {
    return seeOther(exchange, transaction, 'api/SelfAsserted/cancelled');
  }
  const { journey, language } = transaction;
  const form = withClaimNames(sent, journey, language);
  keepTypedValues(journey, form);
  const action = parseVerificationAction(form);
  if (action) return verify(exchange, transaction, { action, form });
  const result = submitForm(journey, directory(tenant), form);
  if ('items' in result) {
    if (!isScript(request)) return showPage(exchange, transaction, result);
    return responder.json(response, 200, describeErrors(result, language.texts));
  }
  transaction.outcome = result;
  if (isScript(request)) return responder.json(response, 200, { status: '200' });
  seeOther(exchange, transaction, `api/${apiName(journey)}/confirmed`);
}

/** The part of the page URLs that names the type of the page. */
function apiName({ step, policy }: Transaction['journey']): string {
  if (step === 'phone_factor') return 'Phonefactor';
  const isUnified = step === 'sign_in' && policy.page.signIn === 'unified';
  return isUnified ? 'CombinedSigninAndSignup' : 'SelfAsserted';
}

function verify(
  exchange: Exchange,
  transaction: Transaction,
  input: { action: VerificationAction; form: URLSearchParams },
): void | Promise<void> {
  const { tenant, request, responder, response } = exchange;
  const { journey, language } = transaction;
  runVerification(journey, directory(tenant), input);
  if (!isScript(request)) return showPage(exchange, transaction);
  responder.json(response, 200, describeVerification(journey, language.texts));
}

/** Called by B2C's own script. The response is always JSON. */
export async function displayControlAction(
  exchange: Exchange,
  action: VerificationAction,
): Promise<void> {
  const { tenant, request, responder, response } = exchange;
  const form = await parseForm(request);
  const { journey, language } = requireTransaction(exchange, form);
  keepTypedValues(journey, form);
  runVerification(journey, directory(tenant), { action, form });
  responder.json(response, 200, describeVerification(journey, language.texts));
}

export function confirmed(exchange: Exchange): void | Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const { outcome } = transaction;
  delete transaction.outcome;
  return followOutcome(exchange, transaction, outcome);
}

export function cancelled(exchange: Exchange): void {
  const transaction = requireTransaction(exchange, exchange.query);
  redirectWithError(exchange, transaction, new B2cError('AADB2C90091'));
}

export function forgotPassword(exchange: Exchange): void | Promise<void> {
  const outcome: Outcome =
    exchange.policy.forgotPassword === 'inline'
      ? { kind: 'step', step: 'reset_email' }
      : { kind: 'error', code: 'AADB2C90118' };
  return followOutcome(exchange, requireTransaction(exchange, exchange.query), outcome);
}

export function unified(exchange: Exchange): void | Promise<void> {
  const { query, policy } = exchange;
  const transaction = requireTransaction(exchange, query);
  const mayCreateAccount = policy.kind === 'signUpOrSignIn' || policy.kind === 'signUp';
  const claimsExchange = query.get('claimsexchange') ?? '';
  if (query.get('local') === 'signup' && mayCreateAccount) {
    return followOutcome(exchange, transaction, { kind: 'step', step: 'sign_up' });
  }
  if (claimsExchange.startsWith('ForgotPassword')) return forgotPassword(exchange);
  if (policy.identityProviders.includes(claimsExchange)) {
    return goToProvider(exchange, transaction, claimsExchange);
  }
  return showPage(exchange, transaction);
}
