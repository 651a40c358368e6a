import type { PathIssue } from './issues.ts';
import { isLoopback, parseHttpUrl } from './urls.ts';

/** Azure AD B2C, Microsoft Entra External ID, or another OpenID provider. */
export type TenantKindName = 'b2c' | 'external-id' | 'generic';

/** Describes valid values of each setting. */
export const EXPECTED = {
  authority: 'must be the URL of the tenant, without a policy',
  tenantId: 'must be the tenant ID',
  issuer: 'must be the issuer, exactly as in its discovery document',
  discovery: 'must be the discovery URL',
  endpointOrigins: 'must be a list of origins',
};

type Setting = keyof typeof EXPECTED;

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

const KINDS = Object.keys(SETTINGS) as TenantKindName[];

/** The kind of a tenant whose settings may be of any type. */
export const tenantKind = (tenant: { kind: unknown } | undefined): TenantKindName | undefined =>
  KINDS.find((kind) => kind === tenant?.kind);

const AUTHORITY: Record<string, { form: RegExp; problem: string } | undefined> = {
  b2c: {
    form: /^\/[^/]+\/?$/,
    problem:
      'must be host and tenant, such as "https://contoso.b2clogin.com/contoso.onmicrosoft.com"',
  },
  'external-id': {
    form: /^\/$/,
    problem: 'must be a host without a path, such as "https://contoso.ciamlogin.com"',
  },
};

const POLICY_IN_PATH = /\/B2C_1A?_[^/]*/i;

type TenantSettings = Partial<Record<Setting | 'kind' | 'allowPlainHttp', unknown>>;

/** Finds the issues between the settings under `tenant`. Each setting may be of any type. */
export function* findTenantIssues(tenant: TenantSettings): Generator<PathIssue> {
  const kind = tenantKind(tenant as { kind: unknown });
  if (!kind) return;
  const settings = SETTINGS[kind];
  for (const setting of Object.keys(EXPECTED) as Setting[]) {
    const isSet = tenant[setting] !== undefined;
    if (isSet && !settings[setting]) {
      yield { path: [setting], problem: `is not a setting of kind "${kind}"` };
    }
    if (!isSet && settings[setting] === 'required') {
      const fix = `It ${EXPECTED[setting]}.`;
      yield { path: [setting], problem: 'is missing', fix, isMissing: true };
    }
  }
  const { authority, endpointOrigins, allowPlainHttp } = tenant;
  const problem =
    settings.authority && typeof authority === 'string' && authorityProblem(kind, authority);
  if (problem) yield { path: ['authority'], problem };
  for (const setting of ['authority', 'issuer', 'discovery'] as const) {
    const problem = settings[setting] && plainHttpProblem(tenant[setting], allowPlainHttp);
    if (problem) yield { path: [setting], problem };
  }
  for (const [index, origin] of (Array.isArray(endpointOrigins) ? endpointOrigins : []).entries()) {
    const problem =
      parseHttpUrl(origin)?.pathname === '/'
        ? plainHttpProblem(origin, allowPlainHttp)
        : 'must be only scheme, host and port';
    if (problem) yield { path: ['endpointOrigins', index], problem };
  }
}

function authorityProblem(kind: TenantKindName, authority: string): string | undefined {
  const path = parseHttpUrl(authority)?.pathname ?? '';
  if (POLICY_IN_PATH.test(path)) return 'must end with the tenant; policies belong in "policies"';
  const { form, problem } = AUTHORITY[kind] ?? {};
  return form?.test(path) ? undefined : problem;
}

function plainHttpProblem(text: unknown, allowPlainHttp: unknown): string | undefined {
  const url = parseHttpUrl(text);
  if (url?.protocol !== 'http:') return undefined;
  if (!isLoopback(url)) {
    return 'must begin with https:// (plain HTTP is allowed for a provider on loopback only)';
  }
  return allowPlainHttp === true
    ? undefined
    : 'must begin with https://, or set tenant.allowPlainHttp for a provider on this machine';
}
