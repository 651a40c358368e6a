import { FAULTS, type FaultPoint } from '../endpoints/fault-table.ts';
import type { LocalTenant } from '../endpoints/local-tenant.ts';
import type { ActiveFault } from '../state/active-faults.ts';
import { FAULT_EFFECTS } from './fault-effects.ts';

const TITLES: Record<FaultPoint, string> = {
  claims: 'Claims of the ID token',
  signature: 'Signature of the ID token',
  token: 'Token endpoint',
  keys: 'JWKS',
  discovery: 'Discovery document',
  callback: 'Authorization response',
};

/** Every fault by the point where it applies, with what it does. */
export const buildFaultsPage = ({
  faults,
  definition,
}: Pick<LocalTenant, 'faults' | 'definition'>) => ({
  isAnyOn: faults.length > 0,
  policies: definition.policies.map(({ name }) => name),
  groups: Object.entries(TITLES).map(([point, title]) => ({
    title,
    faults: Object.keys(FAULTS[point as FaultPoint]).map((name) => ({
      ...{ name, effect: FAULT_EFFECTS[name] ?? '' },
      active: faults.filter(({ fault }) => fault === name).map(describeActive),
    })),
  })),
});

const describeActive = ({ times, policy }: ActiveFault): string =>
  [times === undefined ? 'on until switched off' : `on for ${times} more`, policy]
    .filter((part) => part !== undefined)
    .join(', ');
