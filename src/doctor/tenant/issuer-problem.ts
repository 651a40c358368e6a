import type { TenantConfig } from '../../config/tenant-config.ts';
import type { Policy } from '../../oidc/policy.ts';

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const B2C_ISSUER = new RegExp(`^/(?:tfp/)?(${GUID})/(?:([^/]+)/)?v2\\.0(/?)$`, 'i');

/** Explains how a rejected issuer differs from the expected one. */
export function issuerProblem(
  issuer: unknown,
  { tenant, policy }: { tenant: TenantConfig['tenant']; policy: Policy },
): { detail: string; fix: string } {
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) {
    return {
      detail: 'the discovery document contains no issuer',
      fix: 'Check whether a proxy responds instead of the tenant.',
    };
  }
  if (tenant.kind !== 'b2c') {
    return {
      detail: `the issuer is ${issuer}, but ${tenant.issuer} is expected`,
      fix: 'If that is your tenant, set tenant.issuer to exactly this value, including a trailing slash.',
    };
  }
  const { origin, pathname } = new URL(issuer);
  if (origin !== tenant.authority.origin) {
    return {
      detail: `the issuer is on ${origin}, but tenant.authority on ${tenant.authority.origin}`,
      fix: 'Use one host everywhere. With a custom domain, use the host of the issuer.',
    };
  }
  const [, tenantId, named, slash] = B2C_ISSUER.exec(pathname) ?? [];
  if (!tenantId) {
    return {
      detail: `the issuer ${issuer} has neither of the two forms of B2C`,
      fix: 'In the token settings of the policy, choose "https://<domain>/<tenant id>/v2.0/" or the form with tfp.',
    };
  }
  if (!slash) {
    return {
      detail: `the issuer ${issuer} has no trailing slash`,
      fix: 'B2C always writes one. Check whether a proxy responds instead of the tenant.',
    };
  }
  if (named && named.toLowerCase() !== policy.name.toLowerCase()) {
    return {
      detail: `the issuer is that of the policy ${named}, but ${policy.name} was requested`,
      fix: 'Check the issuer in the token settings of the policy.',
    };
  }
  return {
    detail: tenant.tenantId
      ? `the discovery document is of the tenant ${tenantId}, but tenant.tenantId is ${tenant.tenantId}`
      : `the discovery document is of the tenant ${tenantId}, but that of another policy is not`,
    fix: 'Compare tenant.tenantId and tenant.authority with the tenant ID and domain name in the portal.',
  };
}
