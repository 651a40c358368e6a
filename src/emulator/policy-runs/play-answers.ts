/** Plays answers against a journey, in the place of a browser. */
import { claimText } from '../policy/claim-text.ts';
import type { ClaimValue } from '../policy/claims-bag.ts';
import type { Stop } from '../policy/outcome.ts';
import type { Field, Page } from '../policy/page.ts';
import type { ClaimsExchange } from '../policy/policy.ts';
import type { FormValues, JourneyRun } from '../policy/run.ts';
import {
  completeProviderSignIn,
  continueJourney,
  pressButton,
  startJourney,
  submitPage,
} from '../policy/run-journey.ts';
import { useVerification } from '../policy/use-verification.ts';
import { totpAt } from '../tokens/totp.ts';
import { AnswerError, type AnswerValue, type PageAnswer, type ProviderAnswer } from './answers.ts';
import { buttonsOf, describeWaiting, pageSentence } from './page-view.ts';

/** @throws AnswerError */
export async function playAnswers(
  run: JourneyRun,
  answers: readonly (PageAnswer | ProviderAnswer)[],
): Promise<Stop> {
  let stop = await startJourney(run, run.policy.relyingParty.defaultUserJourney);
  for (const [index, answer] of answers.entries()) {
    if (stop.kind === 'end') {
      // The error of a journey says more than the answers that it did not use.
      if (stop.outcome.kind === 'error') return stop;
      throw new AnswerError(`The journey has ended. Answer ${index + 1} and later were not used.`);
    }
    const misfit = (why: string) =>
      new AnswerError(`Answer ${index + 1} ${why}. ${openPage(run)}`.trim());
    stop =
      'provider' in answer
        ? await signInAtProvider(run, { answer, stop, misfit })
        : await answerPage(run, { answer, stop, misfit });
  }
  return stop;
}

const openPage = (run: JourneyRun): string =>
  run.waiting ? pageSentence(describeWaiting(run, run.waiting)) : '';

type Misfit = (why: string) => AnswerError;

async function signInAtProvider(
  run: JourneyRun,
  { answer, stop, misfit }: { answer: ProviderAnswer; stop: Stop; misfit: Misfit },
): Promise<Stop> {
  const { provider, claims = {} } = answer;
  let waiting = stop;
  if (stop.kind === 'page') {
    const button = stop.page.providers.find((one) => isProvider(one, provider));
    if (!button) throw misfit(`is for the provider ${provider}, which has no button`);
    waiting = await pressButton(run, button.id);
  }
  if (waiting.kind !== 'provider') throw misfit(`is for the provider ${provider}`);
  if (!isProvider(waiting.exchange, provider)) throw misfit(`is for the provider ${provider}`);
  const given = Object.entries(claims).flatMap(([name, value]) =>
    value === null || value === undefined
      ? []
      : [[name.toLowerCase(), value as ClaimValue] as const],
  );
  return completeProviderSignIn(run, () => new Map(given));
}

const isProvider = ({ id, profile }: Pick<ClaimsExchange, 'id' | 'profile'>, name: string) =>
  [id, profile.id, profile.domain?.value].some((own) => isSameId(own, name));

const isSameId = (one: string | undefined, other: string): boolean =>
  one?.toLowerCase() === other.toLowerCase();

async function answerPage(
  run: JourneyRun,
  { answer, stop, misfit }: { answer: PageAnswer; stop: Stop; misfit: Misfit },
): Promise<Stop> {
  if (stop.kind !== 'page') throw misfit('is for a page');
  const { page } = stop;
  const name = page.contentDefinition?.id ?? page.profile?.id;
  if (answer.page !== undefined && !isSameId(name, answer.page)) {
    throw misfit(`is for the page ${answer.page}`);
  }
  const form = fillForm(page, { ...answer.fill, ...appCode(run, answer, misfit) }, misfit);
  for (const claim of [answer.verify ?? []].flat()) {
    const field = page.fields.find(({ id }) => isSameId(id, claim));
    if (!field?.verification) throw misfit(`verifies ${claim}, which the page does not verify`);
    if (!(await verify(run, field, form))) return stop;
  }
  const { press = 'continue', keepMeSignedIn } = answer;
  if (keepMeSignedIn !== undefined) {
    if (!page.hasKeepMeSignedIn)
      throw misfit('has "keepMeSignedIn", which the page does not offer');
    run.sso.isKept = keepMeSignedIn;
  }
  const button = buttonsOf(page).find((id) => isSameId(id, press));
  if (!button) throw misfit(`presses ${press}, which the page does not have`);
  if (button !== 'continue') return pressButton(run, button);
  const errors = await submitPage(run, form);
  return errors ? stop : continueJourney(run);
}

/** The code of the user's authenticator app, which the user set up before or on this page. */
function appCode(run: JourneyRun, { totp }: PageAnswer, misfit: Misfit): Record<string, string> {
  if (totp === undefined) return {};
  const values = run.waiting?.kind === 'page' ? [...run.waiting.page.values.values()] : [];
  const shown = values.find((value) => value.startsWith('otpauth:'));
  const account = run.tenant.accounts.get(String(run.bag.get('objectid')));
  const secret = shown ? new URL(shown).searchParams.get('secret') : account?.totpSecret;
  if (!secret) throw misfit(`fills ${totp} with a code, and the user has no authenticator app`);
  return { [totp]: totpAt(secret, run.tenant.now()) };
}

/** As a browser sends it: fields that the answer leaves out have the values that the page shows. */
function fillForm(
  page: Page,
  fill: Readonly<Record<string, AnswerValue>>,
  misfit: Misfit,
): FormValues {
  const form = new Map(page.fields.map(({ id }) => [id, page.values.get(id) ?? '']));
  for (const [name, value] of Object.entries(fill)) {
    const field = page.fields.find(({ id }) => isSameId(id, name));
    if (!field) throw misfit(`fills ${name}, which the page does not have`);
    form.set(field.id, claimText(value));
  }
  return form;
}

/** Sends a code, takes it from the mailbox and confirms it. False: the page shows why not. */
async function verify(run: JourneyRun, field: Field, form: FormValues): Promise<boolean> {
  const { mailbox } = run.tenant;
  const [before] = mailbox;
  const input = { field, address: form.get(field.id) ?? '', form };
  await useVerification(run, { ...input, action: 'send_code', code: '' });
  const [message] = mailbox;
  if (field.verification?.state !== 'code_sent') return false;
  const code = message && message !== before ? message.code : '';
  await useVerification(run, { ...input, action: 'verify_code', code });
  return (field.verification.state as string) === 'verified';
}
