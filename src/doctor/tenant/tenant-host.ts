import type { TenantIdentity } from '../../config/tenant.ts';
import type { TenantKindName } from '../../config/tenant-kinds.ts';
import { isLoopback } from '../../config/urls.ts';
import { portalPath } from '../../oidc/portal.ts';
import type { Check, Say } from '../check.ts';

const B2C_HOST = /^([^.]+)\.b2clogin\.com$/;
const EXTERNAL_HOST = /\.ciamlogin\.com$/;
const RETIRED_HOST =
  /^login\.(microsoftonline\.com|microsoft\.com|windows\.net)$|^sts\.windows\.net$/;

/** What the address of a tenant shows before anybody is asked. */
export function hostCheck(tenant: TenantIdentity, say: Say): Check {
  const address = tenant.kind === 'b2c' ? tenant.authority : tenant.discovery;
  const { hostname, protocol } = address;
  const fault = faultOf(tenant, hostname);
  if (fault) {
    return say.mend('tenant.host', fault.detail, {
      mend: fault.mend,
      place: portalPath(fault.kind ?? tenant.kind, 'tenant'),
    });
  }
  if (isLoopback(address)) {
    return say.ok('tenant.host', `${address.host} is a tenant on this machine, for development`);
  }
  if (tenant.allowPlainHttp && protocol === 'https:') {
    return say.warn('tenant.host', 'tenant.allowPlainHttp is set, and the address is https', {
      mend: 'Take the setting out: it is for a local tenant.',
    });
  }
  const isUsual = B2C_HOST.test(hostname) || EXTERNAL_HOST.test(hostname);
  const custom =
    tenant.kind === 'generic' || isUsual
      ? ''
      : ': a custom domain, and then it has to be the only host, for its issuer has that name too';
  return say.ok('tenant.host', `${address.host}${custom}`);
}

function faultOf(
  tenant: TenantIdentity,
  hostname: string,
): { detail: string; mend: string; kind?: TenantKindName } | undefined {
  const { kind } = tenant;
  if (kind !== 'generic' && RETIRED_HOST.test(hostname)) {
    const mend =
      kind === 'b2c'
        ? 'Use https://<tenant name>.b2clogin.com/<tenant name>.onmicrosoft.com, or your custom domain.'
        : 'Use https://<tenant name>.ciamlogin.com.';
    return { detail: `${hostname} has no policies: it is not the host of such a tenant`, mend };
  }
  if (kind === 'b2c' && EXTERNAL_HOST.test(hostname)) {
    return {
      detail: `${hostname} is the host of a tenant of External ID`,
      mend: 'Set tenant.kind to "external-id": docs/external-id.md.',
      kind: 'external-id',
    };
  }
  if (kind !== 'b2c' && B2C_HOST.test(hostname)) {
    return {
      detail: `${hostname} is the host of a tenant of Azure AD B2C`,
      mend: 'Leave tenant.kind out, and give tenant.authority and policies.',
      kind: 'b2c',
    };
  }
  if (tenant.kind !== 'b2c') return undefined;
  const [, ofHost] = B2C_HOST.exec(hostname) ?? [];
  const [, ofPath] = /^\/([^./]+)\.onmicrosoft\.com$/i.exec(tenant.authority.pathname) ?? [];
  if (!ofHost || !ofPath || ofHost === ofPath.toLowerCase()) return undefined;
  return {
    detail: `${hostname} is the host of the tenant ${ofHost}, and the path names ${ofPath}`,
    mend: `Use https://${ofPath.toLowerCase()}.b2clogin.com/${ofPath}.onmicrosoft.com, if that is your tenant.`,
  };
}
