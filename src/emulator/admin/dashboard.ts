import type { Account } from '../tenant/accounts.ts';
import type { Application } from '../tenant/application.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { Message } from '../tenant/mailbox.ts';
import type { Policy } from '../tenant/policy.ts';
import { authorityOf, issuerOf, shapeOf } from '../tenant/shapes.ts';
import { type ActiveFault, FAULT_NAMES } from './faults.ts';
import type { RequestRecord } from './request-log.ts';

/** Everything about the tenant on one page. */
export interface DashboardModel {
  authority: string;
  tenantId: string;
  clock: { time: string; offsetSeconds: number };
  accounts: Account[];
  messages: Message[];
  applications: Application[];
  policies: (Policy & { discoveryUrl: string; issuerUrl: string })[];
  faults: ActiveFault[];
  faultNames: readonly string[];
  requests: RequestRecord[];
}

const SHOWN_REQUESTS = 25;

export function buildDashboard(tenant: LocalTenant): DashboardModel {
  const { definition, url } = tenant;
  const authority = authorityOf(url, definition.tenant);
  return {
    authority,
    tenantId: definition.tenant.id,
    clock: {
      time: new Date(tenant.now()).toISOString(),
      offsetSeconds: tenant.clockOffsetMs / 1000,
    },
    accounts: [...tenant.accounts.values()],
    messages: tenant.mailbox.slice(0, SHOWN_REQUESTS),
    applications: definition.applications,
    policies: definition.policies.map((policy) => ({
      ...policy,
      discoveryUrl: `${url}${shapeOf(definition.tenant).pathOf(definition.tenant, policy)}/v2.0/.well-known/openid-configuration`,
      issuerUrl: issuerOf(url, definition.tenant, policy),
    })),
    faults: tenant.faults,
    faultNames: FAULT_NAMES,
    requests: tenant.requestLog.requests.slice(0, SHOWN_REQUESTS),
  };
}
