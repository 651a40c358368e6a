import { z } from 'zod';
import { isLoopback, parseAddress, type settingKinds } from './values.ts';

/** What a tenant is: Azure AD B2C, Microsoft Entra External ID, or another OpenID provider. */
export type TenantKindName = 'b2c' | 'external-id' | 'generic';

/** Where its metadata is depends on the policy. */
export interface B2cTenant {
  kind: 'b2c';
  /** Host and tenant. */
  authority: URL;
  tenantId?: string | undefined;
  allowPlainHttp: boolean;
}

/** A tenant with one metadata document and one issuer. */
export interface SingleIssuerTenant {
  kind: Exclude<TenantKindName, 'b2c'>;
  /** The whole well-known address. */
  discovery: URL;
  issuer: string;
  tenantId?: string | undefined;
  /** Where endpoints may be besides the origins of those two. */
  endpointOrigins: readonly string[];
  allowPlainHttp: boolean;
}

/** Which tenant it is: its kind, and where its metadata and issuer are. */
export type TenantIdentity = B2cTenant | SingleIssuerTenant;

/** What is asked for besides `openid` unless scopes are configured: tokens for APIs, and people's names. */
export const DEFAULT_SCOPES: Record<TenantKindName, string[]> = {
  b2c: ['offline_access'],
  'external-id': ['offline_access', 'profile', 'email'],
  generic: ['profile', 'email'],
};

/** The codes that errors of a provider begin with. */
export const ERROR_CODES: Record<TenantKindName, { form: RegExp; fault: string }> = {
  b2c: {
    form: /^AADB2C\d{5}$/,
    fault: 'must be a code of Azure AD B2C, such as "AADB2C90273"',
  },
  'external-id': {
    form: /^AADSTS\d{4,7}$/,
    fault: 'must be a code of Microsoft Entra, such as "AADSTS65004"',
  },
  generic: { form: /(?!)/, fault: 'is no setting of kind "generic", whose errors have no codes' },
};

type Setting = keyof typeof MISSING;

const MISSING = {
  authority: 'must be the address of the tenant, without a policy',
  tenantId: "must be the tenant's id",
  issuer: 'must be the issuer, letter for letter as its metadata has it',
  discovery: '',
  endpointOrigins: '',
};

const SETTINGS: Record<TenantKindName, Partial<Record<Setting, 'required' | 'optional'>>> = {
  b2c: { authority: 'required', tenantId: 'optional' },
  'external-id': {
    authority: 'required',
    tenantId: 'required',
    issuer: 'optional',
    discovery: 'optional',
    endpointOrigins: 'optional',
  },
  generic: { issuer: 'required', discovery: 'optional', endpointOrigins: 'optional' },
};

/** What kind it is said to be, if it is one. */
export const kindOf = (tenant: { kind: unknown } | undefined): TenantKindName | undefined =>
  KINDS.find((kind) => kind === tenant?.kind);

const KINDS = Object.keys(SETTINGS) as TenantKindName[];

const AUTHORITY: Record<string, { form: RegExp; fault: string } | undefined> = {
  b2c: {
    form: /^\/[^/]+\/?$/,
    fault:
      'must be host and tenant, such as "https://contoso.b2clogin.com/contoso.onmicrosoft.com"',
  },
  'external-id': {
    form: /^\/$/,
    fault: 'must be a host without a path, such as "https://contoso.ciamlogin.com"',
  },
};

const POLICY_IN_PATH = /\/B2C_1A?_[^/]*/i;

/** The settings below `tenant`. */
export const tenantSchema = (kinds: ReturnType<typeof settingKinds>) =>
  settings(kinds)
    .superRefine(
      (given, context) => {
        for (const [path, message] of faultsOf(given)) {
          context.addIssue({ code: 'custom', path, message });
        }
      },
      // Beside the faults of single settings, so that all are named at once.
      { when: ({ value }) => typeof value === 'object' && value !== null },
    )
    .transform(asTenant);

const settings = ({ address, guid }: ReturnType<typeof settingKinds>) =>
  z.strictObject({
    kind: z
      .enum(['b2c', 'external-id', 'generic'], {
        error: 'must be "b2c", "external-id" or "generic"',
      })
      .default('b2c')
      .describe(
        'or `external-id` (Microsoft Entra External ID) or `generic`, ' +
          'docs/configuration.md#kinds-of-tenants',
      ),
    authority: z
      .string({ error: MISSING.authority })
      .optional()
      .describe(
        'required for `b2c` and `external-id`: host and tenant, without a policy: ' +
          '`https://contoso.b2clogin.com/contoso.onmicrosoft.com`, or with a custom domain',
      ),
    tenantId: guid("the tenant's id")
      .optional()
      .describe(
        "the tenant's id, which the issuer must carry; without it, that of the first answer. " +
          'Give it in production: then nothing is taken on trust',
      ),
    issuer: address.optional().describe('not for `b2c`: the issuer, letter for letter'),
    discovery: address.optional().describe('not for `b2c`: the address of the metadata'),
    endpointOrigins: z
      .array(address, { error: 'must be a list of origins, such as "https://login.example.com"' })
      .optional()
      .describe(
        'not for `b2c`: where endpoints may be besides the origins of `tenant.discovery` and ' +
          '`tenant.issuer`; without it nowhere',
      ),
    allowPlainHttp: z
      .boolean({ error: 'must be true or false' })
      .default(false)
      .describe(
        "lets the tenant's addresses be `http` on loopback, for the local tenant; refused for " +
          'every other host',
      ),
  });

type Given = z.output<ReturnType<typeof settings>>;

/** What one setting alone does not show. Each value may be anything: it may have a fault of its own. */
function* faultsOf(given: Given): Generator<[path: PropertyKey[], message: string]> {
  const { authority, endpointOrigins, allowPlainHttp } = given;
  const kind = kindOf(given);
  if (!kind) return;
  const takes = SETTINGS[kind];
  for (const setting of Object.keys(MISSING) as Setting[]) {
    const isGiven = given[setting] !== undefined;
    if (isGiven && !takes[setting]) yield [[setting], `is no setting of kind "${kind}"`];
    if (!isGiven && takes[setting] === 'required') {
      yield [[setting], `is missing: ${MISSING[setting]}`];
    }
  }
  const fault = takes.authority && typeof authority === 'string' && authorityFault(kind, authority);
  if (fault) yield [['authority'], fault];
  for (const setting of ['authority', 'issuer', 'discovery'] as const) {
    const message = takes[setting] && plainHttpFault(given[setting], allowPlainHttp);
    if (message) yield [[setting], message];
  }
  for (const [index, origin] of (Array.isArray(endpointOrigins) ? endpointOrigins : []).entries()) {
    const message =
      parseAddress(origin)?.pathname === '/'
        ? plainHttpFault(origin, allowPlainHttp)
        : 'must be scheme, host and port alone';
    if (message) yield [['endpointOrigins', index], message];
  }
}

function authorityFault(kind: TenantKindName, authority: string): string | undefined {
  const path = parseAddress(authority)?.pathname ?? '';
  if (POLICY_IN_PATH.test(path)) return 'must end with the tenant; policies go into "policies"';
  const { form, fault } = AUTHORITY[kind] ?? {};
  return form?.test(path) ? undefined : fault;
}

function plainHttpFault(text: unknown, allowed: boolean): string | undefined {
  const url = parseAddress(text);
  if (url?.protocol !== 'http:') return undefined;
  if (!isLoopback(url)) {
    return 'must begin with https:// (plain http is for a provider on loopback alone)';
  }
  return allowed
    ? undefined
    : 'must begin with https://, or set tenant.allowPlainHttp for a provider on this machine';
}

const withoutSlash = (address: string) => address.replace(/\/$/, '');

/** The tenant of settings without faults, with what follows from them. */
function asTenant({ kind, allowPlainHttp, tenantId, ...given }: Given): TenantIdentity {
  const authority = withoutSlash(given.authority ?? '');
  if (kind === 'b2c') return { kind, allowPlainHttp, tenantId, authority: new URL(authority) };
  // External ID puts the id of the tenant into host and path, however its address is written.
  const issuer = given.issuer ?? `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`;
  const base = kind === 'external-id' ? `${authority}/${tenantId}/v2.0` : withoutSlash(issuer);
  return {
    kind,
    allowPlainHttp,
    tenantId,
    issuer,
    discovery: new URL(given.discovery ?? `${base}/.well-known/openid-configuration`),
    endpointOrigins: (given.endpointOrigins ?? []).map((origin) => new URL(origin).origin),
  };
}
