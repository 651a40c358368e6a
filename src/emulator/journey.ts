/**
 * The pages between an authorization request and its answer, on B2C's own addresses:
 *
 *     POST SelfAsserted        the form of the page: the same page again with errors, or on to …
 *     GET  api/…/confirmed     … carries out what the form led to: next page, or back to the application
 *     GET  api/…/cancelled     AADB2C90091 to the application
 *     GET  api/…/unified       the links of the sign-in page: sign-up, reset inside the policy
 *     GET  api/…/forgotPassword  AADB2C90118 to the application
 */
import { cookiesOf } from '../http/cookies.ts';
import type { LocalPath } from '../http/local-path.ts';
import { formOf } from '../http/request.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { buildErrorResponse } from './authorization-response.ts';
import { B2cError, type B2cErrorCode } from './b2c-error.ts';
import { completeSignIn } from './complete-sign-in.ts';
import {
  applyVerificationAction,
  createEmailVerification,
  parseVerificationAction,
} from './email-verification.ts';
import { type Exchange, sendAuthorizationResponse, sendPage } from './exchange.ts';
import { type FormErrors, NO_ERRORS } from './journeys/form.ts';
import { identifierOf } from './journeys/sign-in.ts';
import { STEPS } from './journeys/steps.ts';
import { buildPage } from './page-model.ts';
import { readAttribute } from './profile-attributes.ts';
import { setBrowserCookie, startSsoSession } from './sso.ts';
import { createTransaction, linkAddress, type StepName, type Transaction } from './transaction.ts';

const CSRF_COOKIE = 'x-ms-cpim-csrf';

export function startJourney(
  exchange: Exchange,
  request: AuthorizationRequest,
  { step, accountOid }: { step: StepName; accountOid?: string },
): void {
  const { tenant, address, policy } = exchange;
  const csrf = cookiesOf(exchange.request)[CSRF_COOKIE];
  const basePath = `/${address.tenantSpelling}/${policy.name}`;
  const transaction = createTransaction(request, { step, csrf, basePath });
  transaction.values.set(identifierOf(policy).claim, request.loginHint ?? '');
  if (accountOid) transaction.accountOid = accountOid;
  prepareStep(exchange, transaction);
  tenant.transactions.set(transaction.id, transaction);
  const cookie = { name: CSRF_COOKIE, value: transaction.csrf };
  setBrowserCookie(tenant, exchange.response, cookie);
  showStep(exchange, transaction, NO_ERRORS);
}

/** `SelfAsserted`: whatever the form of the current page sends. */
export async function selfAsserted(exchange: Exchange): Promise<void> {
  const { tenant, request } = exchange;
  if (request.method !== 'POST') {
    // Somebody pressed Enter in the address bar: the page that the form belongs to.
    return showStep(exchange, requireOwnTransaction(exchange), NO_ERRORS);
  }
  const form = await formOf(request);
  const transaction = requireTransaction(exchange, form);
  const action = form.get('action');
  if (action === 'cancel') return seeOther(exchange, transaction, 'api/SelfAsserted/cancelled');
  keepValues(transaction, form);
  const verificationAction = parseVerificationAction(action);
  if (verificationAction) {
    applyVerificationAction(transaction.verification, verificationAction, {
      email: form.get('email')?.trim() ?? transaction.verification.email,
      code: typedCode(form),
      policy: exchange.policy.name,
      now: tenant.now(),
      mailbox: tenant.mailbox,
      fixedCode: tenant.fixedVerificationCode,
    });
    return showStep(exchange, transaction, NO_ERRORS);
  }
  const result = STEPS[transaction.step].submit({ tenant, transaction, form });
  if ('items' in result) return showStep(exchange, transaction, result);
  transaction.outcome = result;
  seeOther(exchange, transaction, `${apiOf(transaction)}/confirmed`);
}

export function confirmed(exchange: Exchange): void {
  const { tenant } = exchange;
  const transaction = requireTransaction(exchange, exchange.query);
  const { outcome, request } = transaction;
  delete transaction.outcome;
  const account =
    outcome?.kind === 'signed_in' ? tenant.accounts.get(outcome.accountOid) : undefined;
  if (outcome?.kind === 'step') {
    goToStep(exchange, transaction, outcome.step);
  } else if (outcome && account) {
    tenant.transactions.delete(transaction.id);
    startSsoSession(tenant, exchange, account);
    const { claims } = outcome;
    sendAuthorizationResponse(exchange, completeSignIn(tenant, request, { account, claims }));
  } else {
    // As at B2C when a script goes on after a refusal.
    leave(exchange, transaction, 'AADB2C90255');
  }
}

export function cancelled(exchange: Exchange): void {
  leave(exchange, requireTransaction(exchange, exchange.query), 'AADB2C90091');
}

export function forgotPassword(exchange: Exchange): void {
  const transaction = requireTransaction(exchange, exchange.query);
  const resetsInside = exchange.policy.forgotPassword === 'resetsInside';
  if (resetsInside) goToStep(exchange, transaction, 'reset_email');
  else leave(exchange, transaction, 'AADB2C90118');
}

export function unified(exchange: Exchange): void {
  const { query, policy } = exchange;
  const transaction = requireTransaction(exchange, query);
  const mayCreateAccount = policy.kind === 'signUpOrSignIn' || policy.kind === 'signUp';
  if (query.get('local') === 'signup' && mayCreateAccount) {
    goToStep(exchange, transaction, 'sign_up');
  } else if (query.get('claimsexchange')?.startsWith('ForgotPassword')) {
    forgotPassword(exchange);
  } else {
    showStep(exchange, transaction, NO_ERRORS);
  }
}

function goToStep(exchange: Exchange, transaction: Transaction, step: StepName): void {
  transaction.step = step;
  transaction.verification = createEmailVerification();
  prepareStep(exchange, transaction);
  showStep(exchange, transaction, NO_ERRORS);
}

/** The profile form opens with what is known. */
function prepareStep({ tenant, policy }: Exchange, transaction: Transaction): void {
  const account = tenant.accounts.get(transaction.accountOid ?? '');
  if (transaction.step !== 'edit_profile' || !account) return;
  for (const id of policy.attributes) transaction.values.set(id, readAttribute(account, id));
}

function showStep(exchange: Exchange, transaction: Transaction, errors: FormErrors): void {
  const { page } = STEPS[transaction.step];
  const html = exchange.views.journey(buildPage(page, transaction, errors));
  sendPage(exchange, 200, html);
}

function leave(exchange: Exchange, transaction: Transaction, code: B2cErrorCode): void {
  const { tenant } = exchange;
  tenant.transactions.delete(transaction.id);
  const { returnAddress } = transaction.request;
  const answer = buildErrorResponse(returnAddress, new B2cError(code), tenant.now());
  sendAuthorizationResponse(exchange, answer);
}

function seeOther({ responder, response }: Exchange, transaction: Transaction, path: string): void {
  responder.redirect(response, 303, linkAddress(transaction, path) as LocalPath);
}

const apiOf = ({ step }: Transaction) =>
  STEPS[step].page.kind === 'unified' ? 'api/CombinedSigninAndSignup' : 'api/SelfAsserted';

/** @throws B2cError when the transaction is over, or another browser's */
function requireOwnTransaction({ tenant, query, policy, request }: Exchange): Transaction {
  const transaction = tenant.transactions.get(query.get('tx') ?? '');
  const isOurs =
    transaction?.csrf === cookiesOf(request)[CSRF_COOKIE] && transaction?.request.policy === policy;
  if (!transaction || !isOurs) throw new B2cError('AADB2C90046');
  return transaction;
}

/** @throws B2cError also when no page of the transaction sent this */
function requireTransaction(exchange: Exchange, sent: URLSearchParams): Transaction {
  const transaction = requireOwnTransaction(exchange);
  const token = exchange.request.headers['x-csrf-token'] ?? sent.get('csrf_token');
  if (token !== transaction.csrf) throw new B2cError('AADB2C90046');
  return transaction;
}

const NOT_KEPT = /password|^action$|^csrf_token$|code$|_ver_input$/i;

function keepValues(transaction: Transaction, form: URLSearchParams): void {
  for (const [name, value] of form) {
    if (!NOT_KEPT.test(name)) transaction.values.set(name, value.trim());
  }
}

function typedCode(form: URLSearchParams): string {
  const names = [
    'emailVerificationCode',
    'verificationCode',
    'VerificationCode',
    'email_ver_input',
  ];
  return names.map((name) => form.get(name)).find((value) => value !== null) ?? '';
}
