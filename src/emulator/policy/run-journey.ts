/** Runs a policy from step to step: starts it, stops at pages, and continues with their answers. */

import type { ClaimsBag } from './claims-bag.ts';
import { ClaimsError, JourneyError } from './claims-error.ts';
import { submitForm } from './interactive.ts';
import { asJourneyEnd } from './journey-end.ts';
import type { Origin } from './origin.ts';
import type { JourneyFailure, Stop } from './outcome.ts';
import { NO_ERRORS, type PageErrors } from './page.ts';
import type { OrchestrationStep, UserJourney } from './policy.ts';
import { isSkipped } from './preconditions.ts';
import type { FormValues, JourneyRun, Outputs, ProviderVisit } from './run.ts';
import { completeProfile, runProfile, visitProfile } from './run-profile.ts';
import { runStep } from './steps.ts';
import type { StepTrace } from './trace.ts';
import { claimChanges } from './trace-profile.ts';

/** Starts a journey and runs it until it waits for the user or ends. */
export async function startJourney(run: JourneyRun, journey: UserJourney): Promise<Stop> {
  enter(run, journey);
  try {
    await authorize(run, journey);
  } catch (error) {
    return failWith(run, error);
  }
  return proceed(run);
}

/** `AuthorizationTechnicalProfiles` of a userinfo journey read the access token. */
async function authorize(
  run: JourneyRun,
  { id, authorizationProfiles }: Pick<UserJourney, 'id' | 'authorizationProfiles'>,
): Promise<void> {
  for (const profile of authorizationProfiles) {
    const visit = visitProfile(run, profile);
    const trace = traceStep(profile, { journey: id, order: 0, type: 'GetClaims' });
    trace.profiles.push(visit.trace);
    run.trace.push(trace);
    await observe(run, () => runProfile(visit));
  }
}

/**
 * Takes the form of the current page. An error that ends the journey is the outcome of `continueJourney`.
 * @returns the errors that the page shows, or `undefined` if the journey can continue
 */
export async function submitPage(
  run: JourneyRun,
  form: FormValues,
): Promise<PageErrors | undefined> {
  const { waiting } = run;
  if (waiting?.kind !== 'page') return undefined;
  const { page, visit } = waiting;
  let errors: PageErrors | undefined = visit ? undefined : NO_ERRORS;
  try {
    if (visit) errors = await observe(run, () => submitForm(visit, form));
  } catch (error) {
    if (!isJourneyEnd(error)) throw error;
    waiting.failure = error;
  }
  page.isAccepted = errors === undefined;
  page.errors = errors ?? { items: {} };
  return errors;
}

/** Continues after an accepted page. Without one, as when a script ignores a refusal, the journey ends. */
export async function continueJourney(run: JourneyRun): Promise<Stop> {
  const { waiting } = run;
  if (waiting?.kind !== 'page' || !waiting.page.isAccepted) {
    return fail(run, 'AADB2C90255', 'The page was not accepted.');
  }
  if (waiting.failure) return failWith(run, waiting.failure);
  return leavePage(run);
}

/** A button or link of the page: `cancel`, or the ID of the claims exchange that the next step runs. */
export async function pressButton(run: JourneyRun, id: string): Promise<Stop> {
  const { waiting } = run;
  if (waiting?.kind !== 'page') return fail(run, 'AADB2C90255', 'No page is open.');
  if (id === 'cancel') return fail(run, 'AADB2C90091', 'The user has cancelled.');
  const { links, providers } = waiting.page;
  const target =
    { createAccount: links.createAccount, forgotPassword: links.forgotPassword }[id] ?? id;
  if (target === 'error') return fail(run, 'AADB2C90118', 'The user has forgotten the password.');
  const targets = [links.createAccount, links.forgotPassword, ...providers.map((one) => one.id)];
  if (!targets.includes(target)) return { kind: 'page', page: waiting.page };
  currentFrame(run).selectedExchange = target;
  return leavePage(run);
}

/** Continues with the claims of an identity provider, by partner name. An error of `receive` ends the journey. */
export async function completeProviderSignIn(
  run: JourneyRun,
  receive: (visit: ProviderVisit) => Outputs | Promise<Outputs>,
): Promise<Stop> {
  const { waiting } = run;
  if (waiting?.kind !== 'provider') return fail(run, 'AADB2C90255', 'No provider was asked.');
  try {
    await observe(run, async () => completeProfile(waiting, await receive(waiting)));
  } catch (error) {
    waiting.trace.error = (error as Error).message;
    return failWith(run, asJourneyEnd(waiting.profile, error));
  }
  return leavePage(run);
}

function leavePage(run: JourneyRun): Promise<Stop> {
  run.waiting = undefined;
  currentFrame(run).index += 1;
  return proceed(run);
}

export function enter(run: JourneyRun, { id, steps }: Pick<UserJourney, 'id' | 'steps'>): void {
  run.frames.push({ id, steps, index: 0, selectedExchange: undefined });
}

export function currentFrame({ frames }: JourneyRun) {
  const frame = frames.at(-1);
  if (!frame) throw new JourneyError('The journey has ended.');
  return frame;
}

async function proceed(run: JourneyRun): Promise<Stop> {
  try {
    while (run.frames.length > 0) {
      const frame = currentFrame(run);
      const step = frame.steps[frame.index];
      if (!step) {
        run.frames.pop();
        const outer = run.frames.at(-1);
        if (outer) outer.index += 1;
        continue;
      }
      const stop = await visitStep(run, step);
      if (stop === 'entered') continue;
      if (stop) return stop;
      frame.index += 1;
    }
  } catch (error) {
    return failWith(run, error);
  }
  return fail(run, 'AADB2C90037', 'The journey has no step that sends claims.');
}

async function visitStep(
  run: JourneyRun,
  step: OrchestrationStep,
): Promise<Stop | 'entered' | undefined> {
  const frame = currentFrame(run);
  const { order, type } = step;
  const trace = traceStep(step, { journey: frame.id, order, type });
  run.trace.push(trace);
  if (isSkipped(step.preconditions, run.bag, (checked) => trace.preconditions.push(checked))) {
    trace.skipped = 'precondition';
    return undefined;
  }
  return observe(run, () => runStep(run, { step, frame, trace }));
}

const traceStep = (
  { file, line, column }: Origin,
  step: Pick<StepTrace, 'journey' | 'order' | 'type'>,
): StepTrace => ({
  ...{ file, line, column, ...step, preconditions: [], profiles: [], pages: [], changes: [] },
});

/** Records what an action changes in the bag, and its error, in the trace of the current step. */
async function observe<Result>(
  run: JourneyRun,
  action: () => Result | Promise<Result>,
): Promise<Result> {
  const trace = run.trace.at(-1);
  const before: ClaimsBag = new Map(run.bag);
  try {
    return await action();
  } catch (error) {
    if (trace) trace.error = (error as Error).message;
    throw error;
  } finally {
    trace?.changes.push(...claimChanges(run.policy, before, run.bag));
  }
}

type JourneyEnd = ClaimsError | JourneyError;

const isJourneyEnd = (error: unknown): error is JourneyEnd =>
  error instanceof ClaimsError || error instanceof JourneyError;

function failWith(run: JourneyRun, error: unknown): Stop {
  if (!isJourneyEnd(error)) throw error;
  if (error instanceof ClaimsError) {
    return fail(run, error.code ?? 'AADB2C90037', error.text ?? error.message);
  }
  const { blockText, message } = error;
  const block = blockText === undefined ? {} : { blockText };
  return end(run, { kind: 'error', code: 'AADB2C90037', message, ...block });
}

const fail = (run: JourneyRun, code: string, message: string): Stop =>
  end(run, { kind: 'error', code, message });

function end(run: JourneyRun, outcome: JourneyFailure): Stop {
  const { code, message } = outcome;
  const trace = run.trace.at(-1);
  // A choice of the user is no error of the step.
  if (trace && code !== 'AADB2C90091' && code !== 'AADB2C90118') trace.error ??= message;
  run.frames.length = 0;
  run.waiting = undefined;
  return { kind: 'end', outcome };
}
