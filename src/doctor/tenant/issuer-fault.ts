import type { TenantConfig } from '../../config/tenant-config.ts';
import type { Policy } from '../../oidc/policy.ts';

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const B2C_ISSUER = new RegExp(`^/(?:tfp/)?(${GUID})/(?:([^/]+)/)?v2\\.0(/?)$`, 'i');

/** In what an issuer that is refused differs from the one that is expected. */
export function issuerFault(
  issuer: unknown,
  { tenant, policy }: { tenant: TenantConfig['tenant']; policy: Policy },
): { detail: string; mend: string } {
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) {
    return {
      detail: 'the metadata names no issuer',
      mend: 'See whether something answers in the place of the tenant.',
    };
  }
  if (tenant.kind !== 'b2c') {
    return {
      detail: `the issuer is ${issuer}, and ${tenant.issuer} is expected`,
      mend: 'If that is your tenant, set tenant.issuer to the very letters, the slash at the end too.',
    };
  }
  const { origin, pathname } = new URL(issuer);
  if (origin !== tenant.authority.origin) {
    return {
      detail: `the issuer is on ${origin}, and tenant.authority on ${tenant.authority.origin}`,
      mend: 'Use one host everywhere: with a custom domain, the one that the issuer names.',
    };
  }
  const [, tenantId, named, slash] = B2C_ISSUER.exec(pathname) ?? [];
  if (!tenantId) {
    return {
      detail: `the issuer ${issuer} has neither of the two forms of B2C`,
      mend: 'Choose "https://<domain>/<tenant id>/v2.0/" or the form with tfp in the token settings of the policy.',
    };
  }
  if (!slash) {
    return {
      detail: `the issuer ${issuer} has no slash at the end`,
      mend: 'B2C writes one: see whether something answers in its place.',
    };
  }
  if (named && named.toLowerCase() !== policy.name.toLowerCase()) {
    return {
      detail: `the issuer is that of the policy ${named}, and ${policy.name} was asked for`,
      mend: 'Look at the issuer in the token settings of the policy.',
    };
  }
  return {
    detail: tenant.tenantId
      ? `the metadata is of the tenant ${tenantId}, and tenant.tenantId is ${tenant.tenantId}`
      : `the metadata is of the tenant ${tenantId}, and that of another policy was not`,
    mend: 'Compare tenant.tenantId and tenant.authority with the tenant id and domain name in the portal.',
  };
}
