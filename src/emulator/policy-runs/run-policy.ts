/** Runs a policy without a browser, for tests of authors and for `policies run`. */
import { randomUUID } from 'node:crypto';
import type { ClaimValue } from '../policy/claims-bag.ts';
import { createRun } from '../policy/create-run.ts';
import type { JourneyFailure, Stop } from '../policy/outcome.ts';
import type { Policy } from '../policy/policy.ts';
import type { JourneyRequest, JourneyRun } from '../policy/run.ts';
import type { StepTrace } from '../policy/trace.ts';
import type { Account } from '../state/accounts.ts';
import { type Answer, AnswerError, parseAnswers } from './answers.ts';
import { type Branch, listBranches } from './coverage.ts';
import { loadPolicy } from './load-policy.ts';
import { describeWaiting, type PageView } from './page-view.ts';
import { playAnswers } from './play-answers.ts';
import { createRunTenant, type TenantOptions } from './run-tenant.ts';

export interface RunOptions extends TenantOptions {
  /** Answers of the user, one entry per page. */
  readonly answers?: readonly Answer[];
  /** `session` of an earlier result: the browser's single sign-on session. */
  readonly session?: PolicySession;
}

/** Claims that session providers keep, by the IDs of session profile and claim in lower case. */
export type PolicySession = Readonly<Record<string, Readonly<Record<string, ClaimValue>>>>;

export interface PolicyRun {
  readonly policy: string;
  /** `page`: the journey waits for another answer. */
  readonly outcome: 'token' | 'error' | 'page';
  /** Claims of the token, without those that every token has, such as `iss` and `exp`. */
  readonly claims?: Readonly<Record<string, ClaimValue>>;
  /** The error that the application gets. */
  readonly error?: Omit<JourneyFailure, 'kind'>;
  readonly page?: PageView;
  /** Why an answer does not fit the page. Absent if all of them did. */
  readonly problem?: string;
  readonly trace: readonly StepTrace[];
  /** Each branch of the policy, and how often it was reached. */
  readonly branches: readonly Branch[];
  /** The directory after the run, which another run can start with. */
  readonly accounts: readonly Account[];
  readonly session: PolicySession;
}

/**
 * Runs a custom policy of a folder. An answer that does not fit the open page is an error.
 * @throws PolicyError for a policy that `policies check` refuses, AnswerError
 */
export async function runPolicy({
  folder,
  policy,
  environment,
  ...options
}: RunOptions & { folder: string; policy: string; environment?: string }): Promise<PolicyRun> {
  const result = await runLoadedPolicy(await loadPolicy({ folder, policy, environment }), options);
  if (result.problem !== undefined) throw new AnswerError(result.problem);
  return result;
}

/** @throws AnswerError if the answers are no list of answers */
export async function runLoadedPolicy(
  policy: Policy,
  { answers: list = [], session = {}, ...tenantOptions }: RunOptions,
): Promise<PolicyRun> {
  const { request, answers } = parseAnswers(list);
  const tenant = createRunTenant(policy, tenantOptions);
  const run = createRun(policy, {
    ...{ tenant, request: buildRequest(request) },
    session: new Map(
      Object.entries(session).map(([id, kept]) => [id, new Map(Object.entries(kept))]),
    ),
  });
  let problem: string | undefined;
  let stop: Stop | undefined;
  try {
    stop = await playAnswers(run, answers);
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    problem = error.message;
  }
  return {
    policy: policy.id,
    ...describeEnd(run, stop),
    ...(problem === undefined ? {} : { problem }),
    trace: run.trace,
    branches: listBranches(policy, run.trace),
    accounts: [...tenant.accounts.values()],
    session: mergeSessions(session, run),
  };
}

function buildRequest(parameters: Readonly<Record<string, string>>): JourneyRequest {
  const defaults = { client_id: 'b2c-signin', redirect_uri: 'https://jwt.ms', scope: 'openid' };
  const entries = Object.entries({ ...defaults, ...parameters });
  return {
    parameters: new Map(entries.map(([name, value]) => [name.toLowerCase(), String(value)])),
    ...{ ipAddress: '127.0.0.1', host: 'localhost', correlationId: randomUUID() },
  };
}

function describeEnd(
  run: JourneyRun,
  stop: Stop | undefined,
): Pick<PolicyRun, 'outcome' | 'claims' | 'error' | 'page'> {
  if (stop?.kind === 'end') {
    if (stop.outcome.kind !== 'error') return { outcome: 'token', claims: stop.outcome.claims };
    const { kind: _, ...error } = stop.outcome;
    return { outcome: 'error', error };
  }
  return run.waiting
    ? { outcome: 'page', page: describeWaiting(run, run.waiting) }
    : { outcome: 'page' };
}

function mergeSessions(before: PolicySession, { sso }: JourneyRun): PolicySession {
  const added = [...sso.stored].map(([id, kept]) => [
    id,
    { ...before[id], ...Object.fromEntries(kept) },
  ]);
  return { ...before, ...Object.fromEntries(added) };
}
