import type { TenantConfig } from '../../config/tenant-config.ts';
import { createLog } from '../../log/log.ts';
import { createDiscovery, type Discovery } from '../../oidc/discovery.ts';
import { createOutbound, type Outbound } from '../../oidc/outbound.ts';
import { formatPolicyRef, type Policy } from '../../oidc/policy.ts';
import { type PortalLocation, portalPath } from '../../oidc/portal.ts';
import { createTenant, type Tenant } from '../../oidc/tenant-kind.ts';
import { createReporter, type Reporter } from '../check.ts';
import { explainNetworkError, type NetworkError } from '../network-error.ts';
import { createProbe, type Probe } from '../probe.ts';

/** Tools for the checks of one tenant. */
export interface TenantContext {
  config: TenantConfig;
  tenant: Tenant;
  /** Sends requests and returns all details of the response. */
  probe: Probe;
  /** The connection that the server uses. */
  outbound: Outbound;
  discovery: Discovery;
  /** Reports checks of the tenant. */
  report: Reporter;
  reporterFor(policy: Policy): Reporter;
  portalFor(location: PortalLocation): string | undefined;
  explain(failure: string, url: URL): NetworkError;
  close(): Promise<void>;
}

export interface Environment {
  timeoutMs: number;
  now: () => number;
  /** Whether `HTTP_PROXY` or `HTTPS_PROXY` is set. */
  hasProxy: boolean;
}

const SILENT = createLog({ level: 'silent', write: () => {} });

export function openTenantContext(config: TenantConfig, environment: Environment): TenantContext {
  const { timeoutMs, now, hasProxy } = environment;
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
      wallClock: now,
    }),
    report: createReporter(config.name || undefined),
    reporterFor: ({ key }) => createReporter(formatPolicyRef({ tenant: config.name, policy: key })),
    portalFor: (location) => portalPath(config.tenant.kind, location),
    explain: (failure, url) => explainNetworkError(failure, { host: url.host, hasProxy }),
    async close() {
      await Promise.all([probe.close(), outbound.close()]);
    },
  };
}
