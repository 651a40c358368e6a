import type { TenantKindName } from '../config/tenant-kinds.ts';

/** A place in the tenant's portal where a problem can be fixed. */
export type PortalLocation =
  | 'tenant'
  | 'policies'
  | 'application'
  | 'authentication'
  | 'secrets'
  | 'permissions';

const B2C = 'Azure portal > Azure AD B2C';
const B2C_APPLICATION = `${B2C} > App registrations > the application`;
const ENTRA = 'Microsoft Entra admin center > Entra ID';
const ENTRA_APPLICATION = `${ENTRA} > App registrations > the application`;

const PATHS: Record<TenantKindName, Partial<Record<PortalLocation, string>>> = {
  b2c: {
    tenant: `${B2C} > Overview: domain name and tenant ID`,
    policies: `${B2C} > User flows (B2C_1_…), or Identity Experience Framework (B2C_1A_…)`,
    application: `${B2C_APPLICATION} > Overview`,
    authentication: `${B2C_APPLICATION} > Authentication > Web`,
    secrets: `${B2C_APPLICATION} > Certificates & secrets`,
    permissions: `${B2C_APPLICATION} > API permissions`,
  },
  'external-id': {
    tenant: `${ENTRA} > Overview`,
    policies: `${ENTRA} > External Identities > User flows`,
    application: `${ENTRA_APPLICATION} > Overview`,
    authentication: `${ENTRA_APPLICATION} > Authentication > Web`,
    secrets: `${ENTRA_APPLICATION} > Certificates & secrets`,
    permissions: `${ENTRA_APPLICATION} > API permissions`,
  },
  // Each provider has different pages.
  generic: {},
};

/** Returns where to click in the portal of a kind of tenant. */
export const portalPath = (kind: TenantKindName, portal: PortalLocation): string | undefined =>
  PATHS[kind][portal];
