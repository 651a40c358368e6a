import type { TenantIdentity } from '../../config/tenant.ts';
import type { TenantKindName } from '../../config/tenant-kinds.ts';
import { isLoopback } from '../../config/urls.ts';
import { portalPath } from '../../oidc/portal.ts';
import type { Check, Reporter } from '../check.ts';

const B2C_HOST = /^([^.]+)\.b2clogin\.com$/;
const EXTERNAL_HOST = /\.ciamlogin\.com$/;
const RETIRED_HOST =
  /^login\.(microsoftonline\.com|microsoft\.com|windows\.net)$|^sts\.windows\.net$/;

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
  const isUsual = B2C_HOST.test(hostname) || EXTERNAL_HOST.test(hostname);
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
  if (kind !== 'generic' && RETIRED_HOST.test(hostname)) {
    const fix =
      kind === 'b2c'
        ? 'Use https://<tenant name>.b2clogin.com/<tenant name>.onmicrosoft.com, or your custom domain.'
        : 'Use https://<tenant name>.ciamlogin.com.';
    return { detail: `${hostname} is not the host of such a tenant`, fix };
  }
  if (kind === 'b2c' && EXTERNAL_HOST.test(hostname)) {
    return {
      detail: `${hostname} is the host of a tenant of External ID`,
      fix: 'Set tenant.kind to "external-id": docs/external-id.md.',
      kind: 'external-id',
    };
  }
  if (kind !== 'b2c' && B2C_HOST.test(hostname)) {
    return {
      detail: `${hostname} is the host of a tenant of Azure AD B2C`,
      fix: 'Remove tenant.kind, and set tenant.authority and policies.',
      kind: 'b2c',
    };
  }
  if (tenant.kind !== 'b2c') return undefined;
  const [, hostTenant] = B2C_HOST.exec(hostname) ?? [];
  const [, pathTenant] = /^\/([^./]+)\.onmicrosoft\.com$/i.exec(tenant.authority.pathname) ?? [];
  if (!hostTenant || !pathTenant || hostTenant === pathTenant.toLowerCase()) return undefined;
  return {
    detail: `${hostname} is the host of the tenant ${hostTenant}, but the path names ${pathTenant}`,
    fix: `If ${pathTenant} is your tenant, use https://${pathTenant.toLowerCase()}.b2clogin.com/${pathTenant}.onmicrosoft.com.`,
  };
}
