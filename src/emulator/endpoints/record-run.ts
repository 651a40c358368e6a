/** Keeps the trace of a journey for the dashboard. */
import type { Outcome } from '../policy/outcome.ts';
import type { JourneyRun } from '../policy/run.ts';
import type { StepTrace } from '../policy/trace.ts';
import { maskClaims } from '../policy/trace-profile.ts';

/** One journey of a custom policy. */
export interface JourneyRecord {
  readonly id: string;
  readonly policy: string;
  readonly startedAt: string;
  readonly request: Readonly<Record<string, string>>;
  /** `page` while the user is on a page. */
  outcome: 'token' | 'json' | 'error' | 'page' | 'provider';
  claims?: Readonly<Record<string, unknown>>;
  error?: { code: string; message: string };
  readonly steps: readonly StepTrace[];
}

/** Newest first. */
export type JourneyRecords = JourneyRecord[];

const MAX_RECORDS = 100;

interface RecordingTenant {
  journeyRecords: JourneyRecords;
  now(): number;
}

/** Adds a journey at its start, and updates it at each stop. */
export function recordRun(
  { journeyRecords, now }: RecordingTenant,
  { run, outcome }: { run: JourneyRun; outcome?: Outcome },
): void {
  const id = run.request.correlationId;
  let record = journeyRecords.find((one) => one.id === id);
  if (!record) {
    const startedAt = new Date(now()).toISOString();
    const request = maskClaims(run.request.parameters) as Record<string, string>;
    record = { id, policy: run.policy.id, startedAt, request, outcome: 'page', steps: run.trace };
    journeyRecords.unshift(record);
    if (journeyRecords.length > MAX_RECORDS) journeyRecords.pop();
  }
  record.outcome = outcome?.kind ?? (run.waiting?.kind === 'provider' ? 'provider' : 'page');
  if (outcome?.kind === 'error') record.error = { code: outcome.code, message: outcome.message };
  else if (outcome) record.claims = maskClaims(Object.entries(outcome.claims));
}
