import type { IncomingMessage } from 'node:http';
import { findPolicy, type Policy } from '../definition/policy.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import { tenantKind } from '../definition/tenant-kinds.ts';
import { isOwnHost, type OwnHosts } from './own-host.ts';
import { type Endpoint, parseRoute, type Route } from './routes.ts';

/** Endpoint and policy of a URL of this tenant; `undefined` for any other URL. */
export function findRoute(
  definition: TenantDefinition,
  path: string,
  query: URLSearchParams,
): { route: Route; policy: Policy } | undefined {
  const route = parseRoute(path, query);
  if (!route) return undefined;
  const { domain, id } = definition.tenant;
  const spelling = route.tenantSpelling.toLowerCase();
  const isOwn = spelling === domain.toLowerCase() || spelling === id.toLowerCase();
  const policy = findRoutePolicy(definition, route);
  return isOwn && policy && hasEndpoint(policy, route.endpoint) ? { route, policy } : undefined;
}

function findRoutePolicy(
  { tenant, policies }: TenantDefinition,
  { form, endpoint, policyName }: Route,
): Policy | undefined {
  if (form === 'none' && WITHOUT_POLICY.includes(endpoint)) return policies[0];
  if (tenantKind(tenant).hasPolicies) return findPolicy(policies, policyName);
  // Only the protocol endpoints have External ID's URLs. Page URLs contain the policy internally.
  return (form === 'none') === PROTOCOL.includes(endpoint) ? policies[0] : undefined;
}

/**
 * The redirect URI of identity providers: `state` names the journey. The token endpoint of Microsoft Entra, for
 * Microsoft Graph.
 */
const WITHOUT_POLICY: readonly Endpoint[] = ['provider_return', 'token'];

const PROTOCOL: readonly Endpoint[] = ['discovery', 'keys', 'authorize', 'token', 'logout'];

function hasEndpoint({ kind, userInfo }: Policy, endpoint: Endpoint): boolean {
  if (endpoint === 'userinfo') return userInfo;
  return kind !== 'passwordGrant' || ['discovery', 'keys', 'token'].includes(endpoint);
}

/** As in B2C, issuers contain the requested host. An unknown host falls back to the tenant's URL. */
export function findOrigin(
  { headers: { host = '' } }: IncomingMessage,
  tenant: OwnHosts & { hasPublicUrl: boolean },
): string {
  if (tenant.hasPublicUrl || !isOwnHost(host, tenant)) return tenant.url;
  return `${tenant.url.slice(0, tenant.url.indexOf(':'))}://${host}`;
}
