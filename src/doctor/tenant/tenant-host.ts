import type { TenantIdentity } from '../../config/tenant.ts';
import type { TenantKindName } from '../../config/tenant-kinds.ts';
import { isLoopback } from '../../config/urls.ts';
import { portalPath } from '../../oidc/portal.ts';
import type { Check, Reporter } from '../check.ts';

/** The clouds of Azure: the host of their tenants, the domain of tenant names, and the hosts that B2C has left. */
const CLOUDS = [
  {
    host: 'b2clogin.com',
    domain: 'onmicrosoft.com',
    retired: /^login\.(microsoftonline\.com|microsoft\.com|windows\.net)$|^sts\.windows\.net$/,
  },
  {
    host: 'b2clogin.cn',
    domain: 'partner.onmschina.cn',
    retired: /^login\.(partner\.microsoftonline\.cn|chinacloudapi\.cn)$|^sts\.chinacloudapi\.cn$/,
  },
  {
    host: 'b2clogin.us',
    domain: 'onmicrosoft.us',
    retired: /^login\.microsoftonline\.us$/,
  },
];
type Cloud = (typeof CLOUDS)[number];

const EXTERNAL_HOST = /\.ciamlogin\.com$/;

/** The cloud of a host such as `contoso.b2clogin.cn`, and the tenant name in it. */
function findHostTenant(hostname: string): { cloud: Cloud; tenant: string } | undefined {
  const [, tenant, host] = /^([^.]+)\.(b2clogin\.[a-z]+)$/.exec(hostname) ?? [];
  const cloud = CLOUDS.find((candidate) => candidate.host === host);
  return cloud && tenant ? { cloud, tenant } : undefined;
}

/** The cloud of a domain such as `contoso.partner.onmschina.cn`, and the tenant name in it. */
function findNamedTenant(path: string): { cloud: Cloud; tenant: string } | undefined {
  const [, tenant, domain] = /^\/([^./]+)\.([a-z.]+)$/.exec(path.toLowerCase()) ?? [];
  const cloud = CLOUDS.find((candidate) => candidate.domain === domain);
  return cloud && tenant ? { cloud, tenant } : undefined;
}

/** Checks the host of a tenant without a request. */
export function hostCheck(tenant: TenantIdentity, report: Reporter): Check {
  const url = tenant.kind === 'b2c' ? tenant.authority : tenant.discovery;
  const { hostname, protocol } = url;
  const problem = problemOf(tenant, hostname);
  if (problem) {
    return report.fail('tenant.host', problem.detail, {
      fix: problem.fix,
      portal: portalPath(problem.kind ?? tenant.kind, 'tenant'),
    });
  }
  if (isLoopback(url)) {
    return report.ok('tenant.host', `${url.host} is on this machine, for development`);
  }
  if (tenant.allowPlainHttp && protocol === 'https:') {
    return report.warn('tenant.host', 'tenant.allowPlainHttp is set, but the URL is https', {
      fix: 'Remove the setting. It is for the emulator.',
    });
  }
  const isUsual = findHostTenant(hostname) !== undefined || EXTERNAL_HOST.test(hostname);
  const custom =
    tenant.kind === 'generic' || isUsual
      ? ''
      : ', a custom domain. Use it everywhere, because the issuer contains it, too';
  return report.ok('tenant.host', `${url.host}${custom}`);
}

function problemOf(
  tenant: TenantIdentity,
  hostname: string,
): { detail: string; fix: string; kind?: TenantKindName } | undefined {
  const { kind } = tenant;
  const retired = CLOUDS.find((cloud) => cloud.retired.test(hostname));
  if (kind !== 'generic' && retired) {
    const { host, domain } = retired;
    const fix =
      kind === 'b2c'
        ? `Use https://<tenant name>.${host}/<tenant name>.${domain}, or your custom domain.`
        : 'Use https://<tenant name>.ciamlogin.com.';
    return { detail: `${hostname} is not the host of such a tenant`, fix };
  }
  if (kind === 'b2c' && EXTERNAL_HOST.test(hostname)) {
    return {
      detail: `${hostname} is the host of a tenant of External ID`,
      fix: 'Set tenant.kind to "external-id": docs/migrate-to-external-id.md.',
      kind: 'external-id',
    };
  }
  if (kind !== 'b2c' && findHostTenant(hostname)) {
    return {
      detail: `${hostname} is the host of a tenant of Azure AD B2C`,
      fix: 'Remove tenant.kind, and set tenant.authority and policies.',
      kind: 'b2c',
    };
  }
  return tenant.kind === 'b2c' ? nameProblem(tenant.authority) : undefined;
}

/** Compares the tenant in the host with the one in the path. Custom domains and tenant IDs name none. */
function nameProblem({ hostname, pathname }: URL): { detail: string; fix: string } | undefined {
  const host = findHostTenant(hostname);
  const named = findNamedTenant(pathname);
  if (!host || !named) return undefined;
  const isSameCloud = host.cloud === named.cloud;
  if (isSameCloud && host.tenant === named.tenant) return undefined;
  const path = pathname.slice(1);
  const url = `https://${named.tenant}.${named.cloud.host}/${path}`;
  return isSameCloud
    ? {
        detail: `${hostname} is the host of the tenant ${host.tenant}, but the path names ${named.tenant}`,
        fix: `If ${named.tenant} is your tenant, use ${url}.`,
      }
    : {
        detail: `${hostname} is a host of another cloud than ${path}: its tenants are named ${host.tenant}.${host.cloud.domain}`,
        fix: `If ${path} is your tenant, use ${url}.`,
      };
}
