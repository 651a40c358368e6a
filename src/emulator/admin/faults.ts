import { B2cError } from '../protocol/b2c-error.ts';
import { errorParameters } from '../protocol/error-parameters.ts';
import { findApplication } from '../tenant/application.ts';
import { keyRingOf, type LocalTenant } from '../tenant/local-tenant.ts';
import type { Policy } from '../tenant/policy.ts';
import { FAULTS, type FaultContext, type FaultPoint, type FaultPoints } from './fault-table.ts';

/** A fault that is switched on. */
export interface ActiveFault {
  fault: string;
  /** Answers left to spoil; absent = until deleted. */
  times?: number;
  /** Only this policy's answers; absent = every policy's. */
  policy?: string;
  /** Of the slow ones. */
  delayMs?: number;
}

const DEFAULT_DELAY_MS = 3_000;

export const FAULT_NAMES: readonly string[] = Object.values(FAULTS)
  .flatMap((faults) => Object.keys(faults))
  .sort();

/** The name as it stands in the table, whatever its case; `undefined` for unknown ones. */
export function parseFaultName(name: unknown): string | undefined {
  const canonical = String(name).toLowerCase().replaceAll('-', '_');
  return FAULT_NAMES.includes(canonical) ? canonical : undefined;
}

/** Passes `value` through every active fault of that point, and uses up one of each one's times. */
export function applyFaults<Point extends FaultPoint>(
  tenant: LocalTenant,
  point: Point,
  value: FaultPoints[Point],
  { policy, clientId = '' }: { policy: Policy; clientId?: string },
): FaultPoints[Point] {
  let result = value;
  for (const active of [...tenant.faults]) {
    const change = Object.hasOwn(FAULTS[point], active.fault)
      ? FAULTS[point][active.fault]
      : undefined;
    const isMeant = !active.policy || active.policy.toLowerCase() === policy.name.toLowerCase();
    if (!change || !isMeant) continue;
    result = change(result, contextOf(tenant, { policy, clientId, active }));
    useUp(tenant, active);
  }
  return result;
}

function useUp(tenant: LocalTenant, active: ActiveFault): void {
  if (active.times === undefined) return;
  active.times -= 1;
  if (active.times <= 0) tenant.faults = tenant.faults.filter((fault) => fault !== active);
}

function contextOf(
  tenant: LocalTenant,
  { policy, clientId, active }: { policy: Policy; clientId: string; active: ActiveFault },
): FaultContext {
  const { keys, definition } = tenant;
  const other = definition.policies.find((candidate) => candidate !== policy);
  return {
    url: tenant.url,
    refusal: (code) => errorParameters(new B2cError(code), tenant),
    delayMs: active.delayMs ?? DEFAULT_DELAY_MS,
    otherPolicyName: other?.name ?? 'B2C_1_another',
    clientSecret: findApplication(definition.applications, clientId)?.secrets[0] ?? '',
    signingKey: keyRingOf(tenant, policy)[0],
    otherKey: (policy.custom ? keys.userFlows : keys.customPolicies)[0],
  };
}
