import { findApplication } from '../definition/application.ts';
import type { Policy } from '../definition/policy.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import { type ActiveFault, type ActiveFaults, takeFaults } from '../state/active-faults.ts';
import { findKeyRing, type SigningKeys } from '../state/signing-keys.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { errorParameters } from '../tokens/error-parameters.ts';
import type { IdTokenFaults } from '../tokens/id-token.ts';
import { FAULTS, type FaultContext, type FaultPoint, type FaultPoints } from './fault-table.ts';

const DEFAULT_DELAY_MS = 3_000;

export const FAULT_NAMES: readonly string[] = Object.values(FAULTS)
  .flatMap((faults) => Object.keys(faults))
  .sort();

/** Accepts any case, and hyphens. `undefined` for an unknown name. */
export function parseFaultName(name: unknown): string | undefined {
  const canonical = String(name).toLowerCase().replaceAll('-', '_');
  return FAULT_NAMES.includes(canonical) ? canonical : undefined;
}

/** The parts of the tenant that faults use. */
export interface FaultyTenant {
  faults: ActiveFaults;
  definition: TenantDefinition;
  keys: SigningKeys;
  url: string;
  now(): number;
}

/** Applies every active fault of a point to a value. */
export function applyFaults<Point extends FaultPoint>(
  tenant: FaultyTenant,
  point: Point,
  value: FaultPoints[Point],
  target: { policy: Policy; clientId?: string },
): FaultPoints[Point] {
  return takeFaults(tenant.faults, FAULTS[point], target.policy).reduce((result, active) => {
    const change = FAULTS[point][active.fault];
    return change ? change(result, createContext(tenant, active, target)) : result;
  }, value);
}

/** The faults of ID tokens, for the code that issues them. */
export const idTokenFaults = (tenant: FaultyTenant): IdTokenFaults => ({
  claims: (claims, policy) => applyFaults(tenant, 'claims', claims, { policy }),
  signature: (draft, policy, clientId) =>
    applyFaults(tenant, 'signature', draft, { policy, clientId }),
});

function createContext(
  { definition, keys, url, now }: FaultyTenant,
  active: ActiveFault,
  { policy, clientId = '' }: { policy: Policy; clientId?: string },
): FaultContext {
  const other = definition.policies.find((candidate) => candidate !== policy);
  return {
    url,
    errorBody: (code) => errorParameters(definition.tenant, new B2cError(code), now()),
    delayMs: active.delayMs ?? DEFAULT_DELAY_MS,
    otherPolicyName: other?.name ?? 'B2C_1_another',
    clientSecret: findApplication(definition.applications, clientId)?.secrets[0] ?? '',
    signingKey: findKeyRing(keys, policy)[0],
    otherKey: (policy.custom ? keys.userFlows : keys.customPolicies)[0],
  };
}
