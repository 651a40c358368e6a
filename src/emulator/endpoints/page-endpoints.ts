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
import { parseForm, requirePath } from '../../http/request.ts';
import { type CodeAction, parseCodeAction, readCodeInput, readForm } from '../pages/form-values.ts';
import { API_NAMES } from '../pages/page-links.ts';
import { pageTexts } from '../pages/page-texts.ts';
import { NO_ERRORS, type Page, type PageErrors } from '../policy/page.ts';
import { continueJourney, pressButton, submitPage } from '../policy/run-journey.ts';
import { useVerification } from '../policy/use-verification.ts';
import type { Verification, VerificationAction } from '../policy/verification.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import type { Exchange } from './exchange.ts';
import { followStop } from './follow-stop.ts';
import { describePageErrors, describeProof, isScript } from './script-responses.ts';
import { runLanguage, seeOther, showPage } from './show-page.ts';
import {
  inTurn,
  requireOwnTransaction,
  requireTransaction,
  type Transaction,
} from './transaction.ts';

/** `SelfAsserted`: the form of the current page. */
export async function selfAsserted(exchange: Exchange): Promise<void> {
  const { request, responder, response } = exchange;
  // The user opened the form's URL, for example by pressing Enter in the address bar.
  if (request.method !== 'POST') return showPage(exchange, requireOwnTransaction(exchange));
  const sent = await parseForm(request);
  const transaction = requireTransaction(exchange, sent);
  if (sent.get('action') === 'cancel') {
    return seeOther(exchange, transaction, 'api/SelfAsserted/cancelled');
  }
  const action = parseCodeAction(sent);
  if (action) return proveAddress(exchange, transaction, { action, sent });
  const errors = await submit(transaction, sent);
  if (isScript(request)) {
    return responder.json(
      response,
      200,
      describePageErrors(errors, textsOf(transaction), pageOf(transaction)),
    );
  }
  if (errors) return showPage(exchange, transaction);
  seeOther(
    exchange,
    transaction,
    `api/${API_NAMES[TEMPLATES[pageOf(transaction).kind]]}/confirmed`,
  );
}

const TEMPLATES = {
  ...({ 'sign-in': 'unified', providers: 'providers' } as const),
  ...({ fields: 'self-asserted', phone: 'phonefactor' } as const),
};

function submit(transaction: Transaction, sent: URLSearchParams): Promise<PageErrors | undefined> {
  const { run } = transaction;
  return inTurn(transaction, async () => {
    const page = pageOf(transaction);
    const form = readForm(page, sent, textsOf(transaction));
    const name = continueAction(transaction, page);
    const verification = name && (await useCode(transaction, { action: { name }, sent }));
    if (verification && page.kind !== 'phone' && !canContinue(page, verification)) {
      page.errors = NO_ERRORS;
      return NO_ERRORS;
    }
    if (page.hasKeepMeSignedIn) run.sso.isKept = sent.get('rememberMe') === 'true';
    return submitPage(run, form);
  });
}

/** Buttons that mean both "continue" and "send the code" or "this is the code". */
function continueAction(
  { request: { policy } }: Transaction,
  { kind, fields }: Page,
): VerificationAction | undefined {
  if (kind === 'phone') return 'verify_code';
  const unproven = fields.find(
    ({ verification }) => verification && verification.state !== 'verified',
  );
  if (policy.page.emailVerification !== 'onContinue' || !unproven) return undefined;
  return unproven.verification?.state === 'code_sent' ? 'verify_code' : 'send_code';
}

/** Other fields were disabled until now. */
const canContinue = ({ fields }: Page, { state }: Verification): boolean =>
  state === 'verified' && fields.every(({ verification }) => verification);

interface SentCode {
  action: CodeAction;
  sent: URLSearchParams;
}

async function proveAddress(
  exchange: Exchange,
  transaction: Transaction,
  input: SentCode,
): Promise<void> {
  const { request, responder, response } = exchange;
  const verification = await inTurn(transaction, () => useCode(transaction, input));
  if (!isScript(request)) return showPage(exchange, transaction);
  responder.json(response, 200, describeProof(verification, textsOf(transaction)));
}

async function useCode(transaction: Transaction, { action, sent }: SentCode) {
  const { ids } = transaction.request.policy.page;
  const input = readCodeInput(pageOf(transaction), { action, sent, ids }, textsOf(transaction));
  if (input) await useVerification(transaction.run, input);
  return input?.field.verification;
}

/** Called by B2C's own script. The response is always JSON. */
export async function displayControlAction(
  exchange: Exchange,
  name: 'send_code' | 'verify_code',
): Promise<void> {
  const { request, responder, response } = exchange;
  const sent = await parseForm(request);
  const transaction = requireTransaction(exchange, sent);
  const control = decodeURIComponent(requirePath(request).split('/').at(-2) ?? '');
  const action: CodeAction = { name, field: control };
  const verification = await inTurn(transaction, () => useCode(transaction, { action, sent }));
  responder.json(response, 200, describeProof(verification, textsOf(transaction)));
}

export async function confirmed(exchange: Exchange): Promise<void> {
  const { query } = exchange;
  const transaction = requireTransaction(exchange, query);
  transaction.run.sso.isKept ||= query.get('rememberMe') === 'true';
  const stop = await inTurn(transaction, () => continueJourney(transaction.run));
  return followStop(exchange, transaction, stop);
}

export const cancelled = (exchange: Exchange): Promise<void> => press(exchange, 'cancel');

export const forgotPassword = (exchange: Exchange): Promise<void> =>
  press(exchange, 'forgotPassword');

export async function unified(exchange: Exchange): Promise<void> {
  const { query } = exchange;
  if (query.get('local') === 'signup') return press(exchange, 'createAccount');
  const id = query.get('claimsexchange') ?? '';
  return id === '' ? showPage(exchange, requireTransaction(exchange, query)) : press(exchange, id);
}

async function press(exchange: Exchange, id: string): Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const stop = await inTurn(transaction, () => pressButton(transaction.run, id));
  return followStop(exchange, transaction, stop);
}

/** @throws B2cError if the journey waits at an identity provider */
function pageOf({ run: { waiting } }: Transaction): Page {
  if (waiting?.kind !== 'page') throw new B2cError('AADB2C90046');
  return waiting.page;
}

const textsOf = (transaction: Transaction) =>
  pageTexts(transaction.run, pageOf(transaction), runLanguage(transaction.run).texts);
