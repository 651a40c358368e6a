import type { Config } from '../config/config.ts';
import type { LogEvent, LogFields } from '../log/log.ts';
import { formatPolicyRef } from '../oidc/policy.ts';
import { AZURE_AD_B2C_ACTIONS } from '../oidc/provider-codes.ts';
import type { MetricDefinition } from './family.ts';

/** A metric that is counted from log events: the label values for each of its events. */
export interface EventMetrics extends MetricDefinition {
  events: Partial<Record<LogEvent, (fields: LogFields) => (string | undefined)[] | undefined>>;
  /** The buckets of a histogram of `durationMs`; a counter without them. */
  bounds?: readonly number[];
}

// In seconds. A call to the provider takes mostly 50 to 500 ms, and at most eight seconds.
const CALL_BOUNDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
// A command to the store takes about one millisecond, and at most one second.
const STORE_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1];

const providerCode = ({ providerCode: code }: LogFields) => (code ? [code] : undefined);

export function eventMetrics(config: Pick<Config, 'tenants'>): readonly EventMetrics[] {
  const policy = { known: policiesOf(config) };
  const errors = config.tenants.flatMap((tenant) => Object.keys(tenant.errors));
  // Known from the start, so that clients cannot displace them with invented codes.
  const codes = new Set([...Object.keys(AZURE_AD_B2C_ACTIONS), ...errors]);
  const code = { known: [...codes], pattern: /^AAD(?:B2C\d{5,6}|STS\d{4,7})$/ };
  return [
    {
      name: 'b2c_signin_sign_ins_started_total',
      help: 'Browsers that were sent to the provider, by policy.',
      labels: { policy },
      events: { sign_in_started: (line) => [line.policy] },
    },
    {
      name: 'b2c_signin_sign_ins_total',
      help: 'Sign-ins and other policies that came to an end here.',
      labels: { policy, outcome: { known: ['completed', 'cancelled', 'diverted', 'failed'] } },
      events: {
        sign_in_completed: (line) => [line.policy, 'completed'],
        policy_completed: (line) => [line.policy, 'completed'],
        sign_in_cancelled: (line) => [line.policy, 'cancelled'],
        sign_in_diverted: (line) => [line.policy, 'diverted'],
        sign_in_failed: (line) => [line.policy, 'failed'],
      },
    },
    {
      name: 'b2c_signin_sign_in_failures_total',
      help: 'Sign-ins that failed, by the code of docs/errors.md.',
      labels: { code: {} },
      events: { sign_in_failed: (line) => [line.code] },
    },
    {
      name: 'b2c_signin_provider_codes_total',
      help: 'Sign-ins that ended with an error code of the provider.',
      labels: { code },
      events: {
        sign_in_cancelled: providerCode,
        sign_in_diverted: providerCode,
        sign_in_failed: providerCode,
      },
    },
    {
      name: 'b2c_signin_provider_call_duration_seconds',
      help: 'Calls to the provider.',
      labels: { call: {}, outcome: {} },
      bounds: CALL_BOUNDS,
      events: { provider_request: (line) => [line.call, line.outcome] },
    },
    {
      name: 'b2c_signin_sessions_started_total',
      help: 'Sessions that were started.',
      events: { sign_in_completed: () => [] },
    },
    {
      name: 'b2c_signin_sessions_ended_total',
      help: 'Sessions that were ended, or found past their limit.',
      labels: { reason: { known: ['sign_out', 'expired', 'refresh_refused'] } },
      events: {
        sign_out: () => ['sign_out'],
        session_expired: (line) => [line.code ? 'refresh_refused' : 'expired'],
      },
    },
    {
      name: 'b2c_signin_gate_responses_total',
      help: 'Responses of the gate.',
      labels: { status: { pattern: /^[1-5]\d\d$/ } },
      events: {
        gate_allowed: (line) => [String(line.status)],
        gate_denied: (line) => [String(line.status)],
      },
    },
    {
      name: 'b2c_signin_store_command_duration_seconds',
      help: 'Commands to the session store outside this process.',
      labels: { command: {}, outcome: {} },
      bounds: STORE_BOUNDS,
      events: { store_command: (line) => [line.command, line.outcome] },
    },
  ];
}

/** As events name them: `signIn`, and `external/signIn` of a further tenant. */
const policiesOf = ({ tenants }: Pick<Config, 'tenants'>): string[] =>
  tenants.flatMap(({ name: tenant, policies }) =>
    policies.map(({ key: policy }) => formatPolicyRef({ tenant, policy })),
  );
