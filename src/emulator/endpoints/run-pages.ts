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
import type { Page, PageErrors } from '../policy/page.ts';
import { continueJourney, pressButton, submitPage } from '../policy/run-journey.ts';
import { useVerification } from '../policy/use-verification.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import type { Exchange } from './exchange.ts';
import { followStop } from './follow-stop.ts';
import { type HostedRun, inTurn, requireOwnRun, requireRun } from './hosted-run.ts';
import { describePageErrors, describeProof, isScript } from './script-responses.ts';
import { runLanguage, seeOther, showRunPage } from './show-run-page.ts';

/** `SelfAsserted`: the form of the current page. */
export async function selfAsserted(exchange: Exchange): Promise<void> {
  const { request, responder, response } = exchange;
  // The user opened the form's URL, for example by pressing Enter in the address bar.
  if (request.method !== 'POST') return showRunPage(exchange, requireOwnRun(exchange));
  const sent = await parseForm(request);
  const hosted = requireRun(exchange, sent);
  if (sent.get('action') === 'cancel') {
    return seeOther(exchange, hosted, 'api/SelfAsserted/cancelled');
  }
  const action = parseCodeAction(sent);
  if (action) return proveAddress(exchange, hosted, { action, sent });
  const errors = await submit(hosted, sent);
  if (isScript(request)) {
    return responder.json(
      response,
      200,
      describePageErrors(errors, textsOf(hosted), pageOf(hosted)),
    );
  }
  if (errors) return showRunPage(exchange, hosted);
  seeOther(exchange, hosted, `api/${API_NAMES[TEMPLATES[pageOf(hosted).kind]]}/confirmed`);
}

const TEMPLATES = {
  ...({ 'sign-in': 'unified', providers: 'providers' } as const),
  ...({ fields: 'self-asserted', phone: 'phonefactor' } as const),
};

function submit(hosted: HostedRun, sent: URLSearchParams): Promise<PageErrors | undefined> {
  const { run } = hosted;
  return inTurn(hosted, async () => {
    const page = pageOf(hosted);
    const form = readForm(page, sent, textsOf(hosted));
    // The phone page has one button for both "this is the code" and "continue".
    if (page.kind === 'phone') await useCode(hosted, { action: { name: 'verify_code' }, sent });
    if (page.hasKeepMeSignedIn) run.sso.isKept = sent.get('rememberMe') === 'true';
    return submitPage(run, form);
  });
}

interface SentCode {
  action: CodeAction;
  sent: URLSearchParams;
}

async function proveAddress(exchange: Exchange, hosted: HostedRun, input: SentCode): Promise<void> {
  const { request, responder, response } = exchange;
  const verification = await inTurn(hosted, () => useCode(hosted, input));
  if (!isScript(request)) return showRunPage(exchange, hosted);
  responder.json(response, 200, describeProof(verification, textsOf(hosted)));
}

async function useCode(hosted: HostedRun, { action, sent }: SentCode) {
  const { ids } = hosted.request.policy.page;
  const input = readCodeInput(pageOf(hosted), { action, sent, ids }, textsOf(hosted));
  if (input) await useVerification(hosted.run, input);
  return input?.field.verification;
}

/** Called by B2C's own script. The response is always JSON. */
export async function displayControlAction(
  exchange: Exchange,
  name: 'send_code' | 'verify_code',
): Promise<void> {
  const { request, responder, response } = exchange;
  const sent = await parseForm(request);
  const hosted = requireRun(exchange, sent);
  const control = decodeURIComponent(requirePath(request).split('/').at(-2) ?? '');
  const action: CodeAction = { name, field: control };
  const verification = await inTurn(hosted, () => useCode(hosted, { action, sent }));
  responder.json(response, 200, describeProof(verification, textsOf(hosted)));
}

export async function confirmed(exchange: Exchange): Promise<void> {
  const { query } = exchange;
  const hosted = requireRun(exchange, query);
  hosted.run.sso.isKept ||= query.get('rememberMe') === 'true';
  const stop = await inTurn(hosted, () => continueJourney(hosted.run));
  return followStop(exchange, hosted, stop);
}

export const cancelled = (exchange: Exchange): Promise<void> => press(exchange, 'cancel');

export const forgotPassword = (exchange: Exchange): Promise<void> =>
  press(exchange, 'forgotPassword');

export async function unified(exchange: Exchange): Promise<void> {
  const { query } = exchange;
  if (query.get('local') === 'signup') return press(exchange, 'createAccount');
  const id = query.get('claimsexchange') ?? '';
  return id === '' ? showRunPage(exchange, requireRun(exchange, query)) : press(exchange, id);
}

async function press(exchange: Exchange, id: string): Promise<void> {
  const hosted = requireRun(exchange, exchange.query);
  const stop = await inTurn(hosted, () => pressButton(hosted.run, id));
  return followStop(exchange, hosted, stop);
}

/** @throws B2cError if the journey waits at an identity provider */
function pageOf({ run: { waiting } }: HostedRun): Page {
  if (waiting?.kind !== 'page') throw new B2cError('AADB2C90046');
  return waiting.page;
}

const textsOf = (hosted: HostedRun) =>
  pageTexts(hosted.run, pageOf(hosted), runLanguage(hosted.run).texts);
