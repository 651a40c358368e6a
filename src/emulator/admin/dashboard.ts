import type { Application } from '../definition/application.ts';
import type { Policy } from '../definition/policy.ts';
import { buildAuthority, buildIssuer, tenantKind } from '../definition/tenant-kinds.ts';
import { FAULT_NAMES } from '../endpoints/faults.ts';
import {
  configuredApplications,
  findCustomPolicy,
  type LocalTenant,
} from '../endpoints/local-tenant.ts';
import type { Account } from '../state/accounts.ts';
import type { ActiveFault } from '../state/active-faults.ts';
import type { Message } from '../state/mailbox.ts';
import type { RequestRecord } from '../state/request-log.ts';
import { listTraces } from './traces.ts';

/** The whole tenant on one page. */
export interface DashboardModel {
  authority: string;
  tenantId: string;
  clock: { time: string; offsetSeconds: number };
  accounts: Account[];
  messages: Message[];
  applications: Application[];
  policies: (Policy & { discoveryUrl: string; issuerUrl: string; isFromFiles: boolean })[];
  /** Errors in the files of custom policies, and the policies that run as before. */
  policyErrors: { place: string; message: string }[];
  keptPolicies: readonly string[];
  traces: ReturnType<typeof listTraces>;
  faults: ActiveFault[];
  faultNames: readonly string[];
  requests: RequestRecord[];
}

const MAX_ROWS = 25;

export function buildDashboard(tenant: LocalTenant): DashboardModel {
  const { definition, url } = tenant;
  const { endpointPath } = tenantKind(definition.tenant);
  return {
    authority: buildAuthority(url, definition.tenant),
    tenantId: definition.tenant.id,
    clock: {
      time: new Date(tenant.now()).toISOString(),
      offsetSeconds: tenant.clockOffsetMs / 1000,
    },
    accounts: [...tenant.accounts.values()],
    messages: tenant.mailbox.slice(0, MAX_ROWS),
    applications: configuredApplications(tenant),
    policies: definition.policies.map((policy) => ({
      ...policy,
      discoveryUrl: `${url}${endpointPath(definition.tenant, policy)}/v2.0/.well-known/openid-configuration`,
      isFromFiles: findCustomPolicy(tenant, policy) !== undefined,
      issuerUrl: buildIssuer(url, definition.tenant, policy),
    })),
    policyErrors: tenant.policyErrors.map(({ file, line, column, message }) => ({
      ...{ place: file === '' ? '' : `${file}:${line}:${column}`, message },
    })),
    keptPolicies: tenant.keptPolicies,
    traces: listTraces(tenant.journeyRecords).slice(0, MAX_ROWS),
    faults: tenant.faults,
    faultNames: FAULT_NAMES,
    requests: tenant.requestLog.requests.slice(0, MAX_ROWS),
  };
}
