/** Turns the point at which a journey stops into a page, a redirect or tokens. */
import type { JourneyFailure, Outcome, Stop } from '../policy/outcome.ts';
import { findSsoSignIn, type SsoSession, startSsoSession } from '../state/sso-sessions.ts';
import { B2cError, isErrorCode } from '../tokens/b2c-error.ts';
import type { ErrorDetails } from '../tokens/error-parameters.ts';
import { isUserFlow } from '../user-flows/build-user-flow.ts';
import { buildErrorResponse } from './authorization-response.ts';
import { setSsoCookie, ssoBrowser } from './browser-cookies.ts';
import { buildRunGrant, completeSignIn, issueResponse } from './complete-sign-in.ts';
import { showErrorPage } from './error-page.ts';
import { type Exchange, redirectToApplication } from './exchange.ts';
import { recordRun } from './record-run.ts';
import { showPage } from './show-page.ts';
import type { Transaction } from './transaction.ts';

/** A journey that ends before its first page has no `tx`. */
export type EndingRun = Pick<Transaction, 'request' | 'run'> & { id?: string };

export function followStop(
  exchange: Exchange,
  transaction: Transaction,
  stop: Stop,
): void | Promise<void> {
  if (stop.kind === 'end') return endRun(exchange, transaction, stop.outcome);
  recordRun(exchange.tenant, transaction);
  return showPage(exchange, transaction);
}

export async function endRun(
  exchange: Exchange,
  ending: EndingRun,
  outcome: Outcome,
): Promise<void> {
  const { tenant } = exchange;
  tenant.transactions.delete(ending.id ?? '');
  recordRun(tenant, { run: ending.run, outcome });
  if (outcome.kind === 'error') return endWithFailure(exchange, ending, outcome);
  // Only a userinfo journey ends in JSON.
  if (outcome.kind === 'json') {
    const message = 'The journey issued no token.';
    return redirectWithFailure(exchange, ending, { kind: 'error', code: 'AADB2C90037', message });
  }
  const { request, run } = ending;
  const account = tenant.accounts.get(outcome.objectId ?? '');
  const isFlow = isUserFlow(run.policy);
  if (isFlow && !account) {
    const failure = {
      kind: 'error',
      code: 'AADB2C90255',
      message: 'The account is gone.',
    } as const;
    return redirectWithFailure(exchange, ending, failure);
  }
  const { sid } = keepSsoSession(exchange, ending, outcome);
  const response =
    isFlow && account
      ? completeSignIn(tenant, request, { account, claims: outcome.claims, sid })
      : issueResponse(tenant, request, buildRunGrant(tenant, request, { outcome, run, sid }));
  redirectToApplication(exchange, response);
}

/** A session of the same account continues, so that its lifetime does not start again. */
function keepSsoSession(
  { tenant, request, response }: Exchange,
  { request: { policy, client, prompt }, run }: EndingRun,
  { objectId: accountOid = '', keep }: TokenOutcome,
): SsoSession {
  const browser = { ...ssoBrowser(tenant, request), accounts: tenant.accounts };
  const found = findSsoSignIn(browser, { policy, client });
  const claims = new Map([...run.sso.restored, ...run.sso.stored]);
  if (found?.signIn.accountOid === accountOid && prompt !== 'login' && !keep) {
    found.signIn.claims = claims;
    return found.session;
  }
  const started = startSsoSession(browser, { policy, client, keep, accountOid, claims });
  setSsoCookie(tenant, response, started.cookie);
  return started.session;
}

type TokenOutcome = Extract<Outcome, { kind: 'token' }>;

/** An API that blocks the user has the last word: the application gets no response. */
async function endWithFailure(
  exchange: Exchange,
  ending: EndingRun,
  failure: JourneyFailure,
): Promise<void> {
  const { blockText } = failure;
  if (blockText === undefined) redirectWithFailure(exchange, ending, failure);
  else await showErrorPage(exchange, 200, blockText);
}

function redirectWithFailure(
  { tenant, ...exchange }: Exchange,
  { request: { returnTarget } }: EndingRun,
  failure: JourneyFailure,
): void {
  const context = { tenant: tenant.definition.tenant, now: tenant.now() };
  const response = buildErrorResponse(returnTarget, describeFailure(failure), context);
  redirectToApplication({ ...exchange, tenant }, response);
}

/** B2C's own text for the errors that need no details, otherwise that of the policy. */
export function describeFailure({ code, error, message }: JourneyFailure): ErrorDetails {
  if (code === 'AADB2C90091' || code === 'AADB2C90118') return new B2cError(code);
  const known = isErrorCode(code) ? new B2cError(code).error : 'server_error';
  return { error: error ?? known, message: `${code}: ${message}` };
}
