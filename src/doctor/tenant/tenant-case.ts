import type { TenantConfig } from '../../config/tenant-config.ts';
import { createLog } from '../../log/log.ts';
import { createDiscovery, type Discovery } from '../../oidc/discovery.ts';
import { createOutbound, type Outbound } from '../../oidc/outbound.ts';
import { formatPolicyRef, type Policy } from '../../oidc/policy.ts';
import { type PortalLocation, portalPath } from '../../oidc/portal.ts';
import { createTenant, type Tenant } from '../../oidc/tenant-kind.ts';
import { checksAbout, type Say } from '../check.ts';
import type { NetworkFault } from '../network-fault.ts';
import { explainNetworkFault } from '../network-fault.ts';
import { createProbe, type Probe } from '../probe.ts';

/** One tenant under examination. */
export interface TenantCase {
  config: TenantConfig;
  tenant: Tenant;
  /** Asks as the server does, and looks closer. */
  probe: Probe;
  /** The server's own way, with its own verdict. */
  outbound: Outbound;
  discovery: Discovery;
  /** Checks about the tenant. */
  say: Say;
  sayOf(policy: Policy): Say;
  place(place: PortalLocation): string | undefined;
  explain(failure: string, url: URL): NetworkFault;
  close(): Promise<void>;
}

export interface Surroundings {
  timeoutMs: number;
  now: () => number;
  /** Whether this machine reaches others through a proxy. */
  hasProxy: boolean;
}

const SILENT = createLog({ level: 'silent', write: () => {} });

export function openTenantCase(config: TenantConfig, surroundings: Surroundings): TenantCase {
  const { timeoutMs, now, hasProxy } = surroundings;
  const tenant = createTenant(config);
  const probe = createProbe({ timeoutMs, now });
  const outbound = createOutbound({ origins: tenant.origins, timeoutMs });
  return {
    config,
    tenant,
    probe,
    outbound,
    discovery: createDiscovery({
      config,
      tenant,
      fetchFor: () => outbound.fetch,
      log: SILENT,
      now,
    }),
    say: checksAbout(config.name || undefined),
    sayOf: ({ key }) => checksAbout(formatPolicyRef({ tenant: config.name, policy: key })),
    place: (place) => portalPath(config.tenant.kind, place),
    explain: (failure, url) => explainNetworkFault(failure, { host: url.host, hasProxy }),
    async close() {
      await Promise.all([probe.close(), outbound.close()]);
    },
  };
}
