/**
 * The addresses of the pages, which are B2C's own:
 *
 *     POST SelfAsserted        the form of the page: the same page again with errors, or on to …
 *     GET  api/…/confirmed     … carries out what the form led to: next page, or back to the application
 *     GET  api/…/cancelled     AADB2C90091 to the application
 *     GET  api/…/unified       the links and provider buttons of the sign-in page
 *     GET  api/…/forgotPassword  AADB2C90118 to the application
 *     POST SelfAsserted/DisplayControlAction/vbeta/…/SendCode, VerifyCode   for scripts
 *
 * Forms get pages, scripts get JSON: the same addresses serve both.
 */
import { parseForm } from '../../http/request.ts';
import type { Exchange } from '../protocol/exchange.ts';
import { apiOf, type Transaction } from '../protocol/transaction.ts';
import { NO_ERRORS, typedValue } from './form.ts';
import {
  followOutcome,
  goToStep,
  leaveWith,
  requireOwnTransaction,
  requireTransaction,
  seeOther,
  showStep,
} from './journey.ts';
import { describeRefusal, describeVerification, isScript } from './script-answers.ts';
import { goToProvider } from './simulated-provider.ts';
import { STEPS } from './steps.ts';
import { parseVerificationAction, type VerificationAction } from './verification.ts';
import { runVerification } from './verification-address.ts';

/** `SelfAsserted`: whatever the form of the current page sends. */
export async function selfAsserted(exchange: Exchange): Promise<void> {
  const { tenant, request, responder, response } = exchange;
  if (request.method !== 'POST') {
    // Somebody pressed Enter in the address bar: the page that the form belongs to.
    return showStep(exchange, requireOwnTransaction(exchange), NO_ERRORS);
  }
  const form = await parseForm(request);
  const transaction = requireTransaction(exchange, form);
  const action = form.get('action');
  if (action === 'cancel') {
    return seeOther(exchange, transaction, { path: 'api/SelfAsserted/cancelled' });
  }
  keepValues(transaction, form);
  const verificationAction = parseVerificationAction(action, form.get('request_type'));
  if (verificationAction) {
    return verify(exchange, transaction, { action: verificationAction, form });
  }
  // The page of the telephone has one button for "this is the code" and "go on".
  if (transaction.step === 'phone_factor')
    runVerification(exchange, transaction, { action: 'verify_code', form });
  const result = STEPS[transaction.step].submit({ tenant, transaction, form });
  if ('items' in result) {
    if (!isScript(request)) return showStep(exchange, transaction, result);
    return responder.json(response, 200, describeRefusal(result));
  }
  transaction.outcome = result;
  if (isScript(request)) return responder.json(response, 200, { status: '200' });
  seeOther(exchange, transaction, { path: `api/${apiOf(transaction)}/confirmed` });
}

function verify(
  exchange: Exchange,
  transaction: Transaction,
  { action, form }: { action: VerificationAction; form: URLSearchParams },
): void | Promise<void> {
  const { request, responder, response } = exchange;
  runVerification(exchange, transaction, { action, form });
  if (!isScript(request)) return showStep(exchange, transaction, NO_ERRORS);
  responder.json(response, 200, describeVerification(transaction));
}

/** What B2C's own script calls; the answer is JSON always. */
export async function displayControlAction(
  exchange: Exchange,
  action: VerificationAction,
): Promise<void> {
  const form = await parseForm(exchange.request);
  const transaction = requireTransaction(exchange, form);
  keepValues(transaction, form);
  runVerification(exchange, transaction, { action, form });
  exchange.responder.json(exchange.response, 200, describeVerification(transaction));
}

export function confirmed(exchange: Exchange): void | Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const { outcome } = transaction;
  delete transaction.outcome;
  return followOutcome(exchange, transaction, outcome);
}

export function cancelled(exchange: Exchange): void {
  leaveWith(exchange, requireTransaction(exchange, exchange.query), 'AADB2C90091');
}

export function forgotPassword(exchange: Exchange): void | Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const resetsInside = exchange.policy.forgotPassword === 'resetsInside';
  if (resetsInside) return goToStep(exchange, transaction, 'reset_email');
  leaveWith(exchange, transaction, 'AADB2C90118');
}

export function unified(exchange: Exchange): void | Promise<void> {
  const { query, policy } = exchange;
  const transaction = requireTransaction(exchange, query);
  const mayCreateAccount = policy.kind === 'signUpOrSignIn' || policy.kind === 'signUp';
  const claimsExchange = query.get('claimsexchange') ?? '';
  if (query.get('local') === 'signup' && mayCreateAccount) {
    return goToStep(exchange, transaction, 'sign_up');
  }
  if (claimsExchange.startsWith('ForgotPassword')) return forgotPassword(exchange);
  if (policy.identityProviders.includes(claimsExchange)) {
    return goToProvider(exchange, transaction, claimsExchange);
  }
  return showStep(exchange, transaction, NO_ERRORS);
}

const NOT_KEPT = new Set([
  ...['action', 'csrf_token', 'request_type', 'claim_id', 'claim_value', 'user_input'],
  ...[
    'emailVerificationCode',
    'verificationCode',
    'VerificationCode',
    'email_ver_input',
    'otpCode',
  ],
]);

/** What was typed stands in the fields when the page comes again; never passwords and codes. */
function keepValues(transaction: Transaction, form: URLSearchParams): void {
  const { verificationCode } = transaction.request.policy.page.ids;
  for (const name of new Set(form.keys())) {
    const isSecret =
      /passw|_ver_input$/i.test(name) || NOT_KEPT.has(name) || name === verificationCode;
    if (!isSecret) transaction.values.set(name, typedValue(form, name));
  }
}
