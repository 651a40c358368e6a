import { z } from 'zod';
import { addIssues, EVEN_IF_INVALID } from './issues.ts';
import { EXPECTED, findTenantIssues, type TenantKindName } from './tenant-kinds.ts';
import { httpUrl } from './urls.ts';
import { guid } from './values.ts';

/** A tenant with one discovery document for each policy. */
export interface B2cTenant {
  kind: 'b2c';
  /** Host and tenant. */
  authority: URL;
  tenantId?: string | undefined;
  allowPlainHttp: boolean;
}

/** A tenant with one discovery document and one issuer. */
export interface SingleIssuerTenant {
  kind: Exclude<TenantKindName, 'b2c'>;
  /** The discovery URL. */
  discovery: URL;
  issuer: string;
  tenantId?: string | undefined;
  /** Origins of endpoints, in addition to those of `discovery` and `issuer`. */
  endpointOrigins: readonly string[];
  allowPlainHttp: boolean;
}

/** Which tenant it is: its kind, and where its discovery documents and issuers are. */
export type TenantIdentity = B2cTenant | SingleIssuerTenant;

const tenantSettings = z.strictObject({
  kind: z
    .enum(['b2c', 'external-id', 'generic'], {
      error: 'must be "b2c", "external-id" or "generic"',
    })
    .default('b2c')
    .describe(
      'Kind of tenant: `b2c` (Azure AD B2C), `external-id` (Microsoft Entra External ID) or ' +
        '`generic` (another OpenID provider), docs/configuration.md#kinds-of-tenants.',
    ),
  authority: z
    .string({ error: EXPECTED.authority })
    .optional()
    .describe(
      'URL of the tenant, without a policy. Required for `b2c` (host and tenant, such as ' +
        '`https://contoso.b2clogin.com/contoso.onmicrosoft.com`; a custom domain is allowed) and ' +
        'for `external-id` (host only).',
    ),
  tenantId: guid('the tenant ID')
    .optional()
    .describe(
      'Tenant ID, a GUID. Issuers must contain it. Required for `external-id`. For `b2c` without ' +
        'it, the tenant ID of the first discovery document is trusted; set it in production.',
    ),
  issuer: httpUrl
    .optional()
    .describe('Issuer, exactly as in the discovery document and in tokens. Not for `b2c`.'),
  discovery: httpUrl.optional().describe('Discovery URL. Not for `b2c`.'),
  endpointOrigins: z
    .array(httpUrl, { error: 'must be a list of origins, such as "https://login.example.com"' })
    .optional()
    .describe(
      'Origins of endpoints, in addition to those of `tenant.discovery` and ' +
        '`tenant.issuer`. Not for `b2c`.',
    ),
  allowPlainHttp: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe(
      'Allows `http` URLs of the tenant on loopback, for the emulator. For other hosts, `http` ' +
        'is always rejected.',
    ),
});

/** The settings under `tenant`. */
export const tenantSchema = tenantSettings
  .superRefine(addIssues(findTenantIssues), EVEN_IF_INVALID)
  .transform(toTenantIdentity);

const withoutSlash = (url: string) => url.replace(/\/$/, '');

/** Derives what valid settings leave out. */
function toTenantIdentity({
  kind,
  allowPlainHttp,
  tenantId,
  ...settings
}: z.output<typeof tenantSettings>): TenantIdentity {
  const authority = withoutSlash(settings.authority ?? '');
  if (kind === 'b2c') return { kind, allowPlainHttp, tenantId, authority: new URL(authority) };
  // External ID has the tenant ID in the host and the path of its issuer, whatever its authority is.
  const issuer = settings.issuer ?? `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`;
  const base = kind === 'external-id' ? `${authority}/${tenantId}/v2.0` : withoutSlash(issuer);
  return {
    kind,
    allowPlainHttp,
    tenantId,
    issuer,
    discovery: new URL(settings.discovery ?? `${base}/.well-known/openid-configuration`),
    endpointOrigins: (settings.endpointOrigins ?? []).map((origin) => new URL(origin).origin),
  };
}
