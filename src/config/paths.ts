import type { LocalPath } from '../http/local-path.ts';
import { namedEntries, type PathIssue } from './issues.ts';

/** The path of every route. */
export interface Paths {
  home: LocalPath;
  status: LocalPath;
  tokenDetails: LocalPath;
  tokenDetailsShort: LocalPath;
  signIn: LocalPath;
  /** The redirect URI of each tenant, by the tenant's name. */
  callbacks: ReadonlyMap<string, LocalPath>;
  signOut: LocalPath;
  postSignOut: LocalPath;
  frontChannelLogout: LocalPath;
  backChannelLogout: LocalPath;
  sessions: LocalPath;
  me: LocalPath;
  assets: LocalPath;
  health: LocalPath;
  readiness: LocalPath;
  gate: {
    verify: LocalPath;
    forward: LocalPath;
    assertionKeys: LocalPath;
    oauth2Auth: LocalPath;
    /** Paths of oauth2-proxy. */
    oauth2: Record<'start' | 'signIn' | 'signOut', LocalPath>;
  };
  /** Where the policies of all tenants start. */
  policies: readonly LocalPath[];
  /** Steps of signing in or out. A return path never points to one of them. */
  flow: ReadonlySet<string>;
}

const NAMED: Record<string, string> = {
  signIn: '/sign_in',
  editProfile: '/edit_profile',
  resetPassword: '/reset_password',
};

/** The prefix of the routes of one tenant; the first one has an empty name. */
export const tenantPrefix = (prefix: string, tenant: string): string =>
  tenant ? `${prefix}/tenant/${tenant}` : prefix;

/** Where a policy starts, by its key. */
export const policyPath = (prefix: string, key: string): LocalPath =>
  `${prefix}${NAMED[key] ?? `/policy/${key}`}` as LocalPath;

/** The routes of one tenant. */
interface TenantRoutes {
  name: string;
  callbackPath: LocalPath;
  policies: readonly { path: LocalPath }[];
}

export function buildPaths(prefix: string, tenants: readonly TenantRoutes[]): Paths {
  const under = (path: string) => `${prefix}${path}` as LocalPath;
  const policies = tenants.flatMap((tenant) => tenant.policies.map(({ path }) => path));
  const callbacks = new Map(tenants.map(({ name, callbackPath }) => [name, callbackPath]));
  const gate = {
    verify: under('/verify'),
    forward: under('/forward'),
    assertionKeys: under('/assertion_keys'),
    oauth2Auth: '/oauth2/auth' as LocalPath,
    oauth2: {
      start: '/oauth2/start' as LocalPath,
      signIn: '/oauth2/sign_in' as LocalPath,
      signOut: '/oauth2/sign_out' as LocalPath,
    },
  };
  const signOut = under('/sign_out');
  const postSignOut = under('/post_sign_out');
  const frontChannelLogout = under('/front_channel_logout');
  const backChannelLogout = under('/back_channel_logout');
  const me = under('/me');
  return {
    home: '/' as LocalPath,
    status: '/sign_in_status' as LocalPath,
    tokenDetails: under('/token_details'),
    tokenDetailsShort: '/token_details' as LocalPath,
    signIn: under('/sign_in'),
    callbacks,
    signOut,
    postSignOut,
    frontChannelLogout,
    backChannelLogout,
    sessions: under('/sessions'),
    me,
    assets: under('/assets'),
    health: '/healthz' as LocalPath,
    readiness: '/readyz' as LocalPath,
    gate,
    policies,
    flow: new Set([
      ...policies,
      ...callbacks.values(),
      signOut,
      postSignOut,
      frontChannelLogout,
      backChannelLogout,
      me,
      gate.verify,
      gate.forward,
      gate.oauth2Auth,
      ...Object.values(gate.oauth2),
    ]),
  };
}

/** Finds a callback at the path of another route. Each setting may be of any type. */
export function* findCallbackIssues(settings: {
  routes?: { prefix: unknown; callback?: unknown } | undefined;
  policies?: object | undefined;
  tenants?: Record<string, { policies?: object | undefined }> | undefined;
  gate?: { assertion: boolean } | undefined;
}): Generator<PathIssue> {
  const { routes, gate } = settings;
  const { prefix, callback } = routes ?? {};
  if (typeof prefix !== 'string' || typeof callback !== 'string') return;
  if (callback === '/') {
    const problem =
      'must not be "/", the start page: a request for it is usually no response of the tenant';
    const fix = `Register a redirect URI with another path, such as "https://HOST${prefix}/redirect".`;
    yield { path: ['routes', 'callback'], problem, fix };
    return;
  }
  const tenants = [['', settings] as const, ...namedEntries(settings.tenants)].map(
    ([name, tenant]) => tenantRoutes(name, { prefix, policies: tenant?.policies }),
  );
  if (pathsBesideCallback(buildPaths(prefix, tenants), gate).includes(callback)) {
    const problem = `must differ from the paths of all other routes; ${callback} is one of them`;
    yield { path: ['routes', 'callback'], problem };
  }
}

function tenantRoutes(
  name: string,
  { prefix, policies = { signIn: {} } }: { prefix: string; policies: object | undefined },
): TenantRoutes {
  const above = tenantPrefix(prefix, name);
  const keys = namedEntries(policies as Record<string, unknown>).flatMap(([key, policy]) =>
    policy === undefined ? [] : [key],
  );
  return {
    name,
    callbackPath: `${above}/redirect` as LocalPath,
    policies: keys.map((key) => ({ path: policyPath(above, key) })),
  };
}

/** The paths that are in use, except the callback of the first tenant. */
function pathsBesideCallback(paths: Paths, gate: { assertion: boolean } | undefined): string[] {
  const { callbacks, policies, gate: gatePaths, flow: _, assets: __, ...others } = paths;
  const { oauth2, assertionKeys, ...gateHandlers } = gatePaths;
  const [, ...additionalCallbacks] = callbacks.values();
  return [
    ...Object.values(others),
    ...policies,
    ...additionalCallbacks,
    ...(gate ? [...Object.values(gateHandlers), ...Object.values(oauth2)] : []),
    ...(gate?.assertion ? [assertionKeys] : []),
  ];
}
