/** The traces of the last journeys, for the dashboard and as JSON. */
import type { JourneyRecord, JourneyRecords } from '../endpoints/record-run.ts';
import { claimText } from '../policy/claim-text.ts';
import type { ClaimValue } from '../policy/claims-bag.ts';
import type { ProfileTrace, StepTrace } from '../policy/trace.ts';
import { describeResponse } from '../policy/trace-profile.ts';
import { AdminError } from './admin-error.ts';

export const listTraces = (records: JourneyRecords) =>
  records.map(({ id, policy, startedAt, outcome, error }) => ({
    ...{ id, policy, startedAt, outcome },
    ...(error ? { error } : {}),
  }));

/** @throws AdminError if the journey is unknown or too long ago */
export function requireTrace(records: JourneyRecords, id: string): JourneyRecord {
  const record = records.find((one) => one.id === id);
  if (!record) throw new AdminError(404, `there is no trace of the journey ${id}`);
  return record;
}

/** The page of one trace. Every text is ready to show. */
export interface TracePage {
  record: JourneyRecord;
  query: string;
  /** Steps that contain the text that was searched for. */
  steps: ShownStep[];
  total: number;
  end: { state: string; title: string; rows: Row[] };
}

type Row = [name: string, value: string];

export interface ShownStep extends Pick<StepTrace, 'journey' | 'order' | 'type' | 'error'> {
  state: 'ran' | 'skipped' | 'failed' | 'waits';
  place: string;
  /** The reason for a step that did not run. */
  skipped: string | undefined;
  preconditions: { text: string; value: string; isSatisfied: boolean }[];
  pages: { name: string; errors: string[] }[];
  profiles: ShownProfile[];
  changes: { sign: '+' | '−' | '~'; claim: string; before: string; after: string }[];
}

export interface ShownProfile extends Pick<ProfileTrace, 'id' | 'handler' | 'role' | 'error'> {
  place: string;
  state: 'ran' | 'skipped' | 'failed';
  skipped: string | undefined;
  session: string | undefined;
  inputs: Row[];
  outputs: Row[];
  transformations: { name: string; place: string; inputs: Row[]; outputs: Row[]; error?: string }[];
  validations: ShownProfile[];
  metadata: { key: string; value: string; place: string }[];
  requests: { request: string; body: string; response: string }[];
  notes: string[];
}

export function buildTracePage(record: JourneyRecord, query: string): TracePage {
  const wanted = query.trim().toLowerCase();
  const shown = record.steps.map((step, index) => {
    const isLast = index === record.steps.length - 1;
    return showStep(step, isLast && (record.outcome === 'page' || record.outcome === 'provider'));
  });
  const steps = shown.filter((step) => JSON.stringify(step).toLowerCase().includes(wanted));
  return { record, query, steps, total: shown.length, end: showEnd(record) };
}

function showEnd({ outcome, claims = {}, error }: JourneyRecord): TracePage['end'] {
  if (error) return { state: 'failed', title: `${error.code}: ${error.message}`, rows: [] };
  const rows = rowsOf(claims as Record<string, ClaimValue>);
  if (outcome === 'token') return { state: 'ran', title: 'Token', rows };
  if (outcome === 'json') return { state: 'ran', title: 'Userinfo', rows };
  const where = outcome === 'provider' ? 'at an identity provider' : 'on a page';
  return { state: 'waits', title: `The user is ${where}.`, rows };
}

function showStep(step: StepTrace, isWaiting: boolean): ShownStep {
  const { journey, order, type, error, skipped } = step;
  const state = error ? 'failed' : skipped ? 'skipped' : isWaiting ? 'waits' : 'ran';
  // The list of preconditions says which one skipped the step.
  const reason = skipped === 'precondition' ? undefined : skipped;
  return {
    ...{ journey, order, type, state, place: placeOf(step), skipped: reason },
    ...(error === undefined ? {} : { error }),
    preconditions: step.preconditions.map((check) => ({
      text: describeCheck(check),
      value: show(check.actual),
      isSatisfied: check.isSatisfied,
    })),
    pages: step.pages.map(({ contentDefinition, errors }) => ({
      ...{ name: contentDefinition ?? 'a page without a content definition', errors },
    })),
    profiles: step.profiles.map(showProfile),
    changes: step.changes.map(({ claim, before, after }) => ({
      sign: before === undefined ? '+' : after === undefined ? '−' : '~',
      ...{ claim, before: show(before), after: show(after) },
    })),
  };
}

const describeCheck = ({
  type,
  claim,
  expected,
  executeActionsIf,
}: StepTrace['preconditions'][0]) =>
  `${executeActionsIf ? '' : 'not '}${type} ${claim}${expected === undefined ? '' : ` = ${expected}`}`;

function showProfile(profile: ProfileTrace): ShownProfile {
  const { id, handler, role, error, skipped, session, notes } = profile;
  return {
    ...{ id, handler, role, notes, skipped, place: placeOf(profile) },
    ...(error === undefined ? {} : { error }),
    state: error ? 'failed' : skipped ? 'skipped' : 'ran',
    session: session && `${session.profile} ${session.decision}`,
    inputs: rowsOf(profile.inputs),
    outputs: rowsOf(profile.outputs),
    transformations: profile.transformations.map(({ id: name, method, ...transformation }) => ({
      name: `${name} (${method})`,
      place: placeOf(transformation),
      inputs: rowsOf({ ...transformation.inputs, ...transformation.parameters }),
      outputs: rowsOf(transformation.outputs),
      ...(transformation.error === undefined ? {} : { error: transformation.error }),
    })),
    validations: profile.validations.map(showProfile),
    metadata: profile.metadata.map(({ key, value, ...origin }) => ({
      ...{ key, value, place: placeOf(origin) },
    })),
    requests: profile.requests.map((request) => ({
      request: `${request.method} ${request.url}`,
      body: request.body ?? '',
      response: describeResponse(request),
    })),
  };
}

// Steps of user flows come from no file.
const placeOf = ({ file, line }: { file: string; line: number }): string =>
  line === 0 ? '' : `${file}:${line}`;

const rowsOf = (claims: Readonly<Record<string, ClaimValue | undefined>>): Row[] =>
  Object.entries(claims).map(([name, value]) => [name, show(value)]);

const show = (value: ClaimValue | undefined): string =>
  value === undefined ? 'no value' : claimText(value);
