/** One authorization request on its way through the pages: from step to step, and out. */
import { parseCookies } from '../../http/cookies.ts';
import type { LocalPath } from '../../http/local-path.ts';
import { placeInContent, readPageContent } from '../pages/page-content.ts';
import { buildPage } from '../pages/page-model.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { buildErrorResponse } from '../protocol/authorization-response.ts';
import { B2cError, type B2cErrorCode } from '../protocol/b2c-error.ts';
import { type Exchange, sendAuthorizationResponse, sendPage } from '../protocol/exchange.ts';
import { createNonce } from '../protocol/response-headers.ts';
import { setBrowserCookie, startSsoSession } from '../protocol/sso.ts';
import {
  createTransaction,
  linkAddress,
  type Outcome,
  type StepName,
  type Transaction,
} from '../protocol/transaction.ts';
import type { Account } from '../tenant/accounts.ts';
import { readAttribute } from '../tenant/profile-attributes.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { type FormErrors, NO_ERRORS } from './form.ts';
import { prepareTotp } from './second-factor.ts';
import { identifierOf } from './sign-in.ts';
import { STEPS } from './steps.ts';
import { createVerification } from './verification.ts';

export const CSRF_COOKIE = 'x-ms-cpim-csrf';

export function openJourney(
  exchange: Exchange,
  request: AuthorizationRequest,
  { step, accountOid }: { step: StepName; accountOid?: string },
): Transaction {
  const { tenant, address, policy, response } = exchange;
  const csrf = parseCookies(exchange.request)[CSRF_COOKIE];
  const basePath = `/${address.tenantSpelling}/${policy.name}`;
  const transaction = createTransaction(request, { step, csrf, basePath });
  transaction.values.set(identifierOf(transaction).claim, request.loginHint ?? '');
  if (accountOid) transaction.accountOid = accountOid;
  prepareStep(exchange, transaction);
  tenant.transactions.set(transaction.id, transaction);
  setBrowserCookie(tenant, response, { name: CSRF_COOKIE, value: transaction.csrf });
  return transaction;
}

export function goToStep(
  exchange: Exchange,
  transaction: Transaction,
  step: StepName,
): Promise<void> {
  transaction.step = step;
  transaction.verification = createVerification();
  prepareStep(exchange, transaction);
  return showStep(exchange, transaction, NO_ERRORS);
}

/** What is known already stands in the fields when the page opens. */
function prepareStep({ tenant, policy }: Exchange, transaction: Transaction): void {
  const { step, values, request, federatedIdentity } = transaction;
  const { email } = policy.page.ids;
  const account = tenant.accounts.get(transaction.accountOid ?? '');
  for (const [name, value] of Object.entries(request.hintedClaims)) {
    if (step === 'sign_up') values.set(name === 'email' ? email : name, String(value));
  }
  if (step === 'social_sign_up') values.set(email, federatedIdentity?.email ?? '');
  if (!account) return;
  if (step === 'edit_profile') {
    for (const attribute of policy.attributes) {
      values.set(attribute.id, readAttribute(account, attribute));
    }
  }
  if (step === 'email_factor' || step === 'totp_factor') values.set(email, account.email);
  if (step === 'totp_factor') prepareTotp(transaction, account.totpSecret);
  if (step === 'phone_factor') values.set('known_number', account.phoneNumber ?? '');
}

export async function showStep(
  exchange: Exchange,
  transaction: Transaction,
  errors: FormErrors,
): Promise<void> {
  const { views, policy } = exchange;
  const nonce = createNonce();
  const page = STEPS[transaction.step].page(transaction);
  const model = buildPage(page, transaction, { errors, nonce, tenant: exchange.tenant });
  const { content, allowScript } = policy.page;
  if (content === undefined) return sendPage(exchange, views.journey(model), { nonce });
  const frame = await readPageContent(content, transaction.language.tag);
  const html = placeInContent(views.journeyContent(model), frame, { allowScript });
  const custom = { hasCustomContent: true, allowsCustomScript: allowScript };
  sendPage(exchange, html, { nonce, ...custom });
}

/** Carries out what an accepted form led to. */
export function followOutcome(
  exchange: Exchange,
  transaction: Transaction,
  outcome: Outcome | undefined,
): void | Promise<void> {
  if (outcome?.kind === 'step') return goToStep(exchange, transaction, outcome.step);
  const account = exchange.tenant.accounts.get(outcome?.accountOid ?? '');
  // As at B2C when a script goes on after a refusal.
  if (!outcome || !account) return leaveWith(exchange, transaction, 'AADB2C90255');
  finish(exchange, transaction, { account, claims: outcome.claims });
}

function finish(
  exchange: Exchange,
  transaction: Transaction,
  { account, claims }: { account: Account; claims: Record<string, unknown> },
): void {
  const { tenant, query } = exchange;
  const { request } = transaction;
  tenant.transactions.delete(transaction.id);
  const keep = query.get('rememberMe') === 'true' || transaction.keepSignedIn;
  const { sid } = startSsoSession(tenant, exchange, { ...request, account, keep });
  const answer = completeSignIn(tenant, request, { account, claims, sid });
  sendAuthorizationResponse(exchange, answer);
}

/** Back to the application with an error. */
export function leave(exchange: Exchange, transaction: Transaction, error: B2cError): void {
  const { tenant } = exchange;
  tenant.transactions.delete(transaction.id);
  const { returnAddress } = transaction.request;
  sendAuthorizationResponse(exchange, buildErrorResponse(returnAddress, error, tenant));
}

export const leaveWith = (exchange: Exchange, transaction: Transaction, code: B2cErrorCode) =>
  leave(exchange, transaction, new B2cError(code));

export function seeOther(
  { responder, response }: Exchange,
  transaction: Transaction,
  { path, query = '' }: { path: string; query?: string },
): void {
  responder.redirect(response, 303, linkAddress(transaction, path, query) as LocalPath);
}

/** @throws B2cError when the transaction is over, or another browser's */
export function requireOwnTransaction({ tenant, query, policy, request }: Exchange): Transaction {
  const transaction = tenant.transactions.get(query.get('tx') ?? '');
  const isOurs =
    transaction?.csrf === parseCookies(request)[CSRF_COOKIE] &&
    transaction?.request.policy === policy;
  if (!transaction || !isOurs) throw new B2cError('AADB2C90046');
  return transaction;
}

/** @throws B2cError also when no page of the transaction sent this */
export function requireTransaction(exchange: Exchange, sent: URLSearchParams): Transaction {
  const transaction = requireOwnTransaction(exchange);
  const token = exchange.request.headers['x-csrf-token'] ?? sent.get('csrf_token');
  if (token !== transaction.csrf) throw new B2cError('AADB2C90046');
  return transaction;
}
