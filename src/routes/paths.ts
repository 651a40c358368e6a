import type { Config } from '../config.ts';
import { SignInError } from '../errors.ts';
import { HOME, type LocalPath } from '../http/local-path.ts';
import { keyOf } from '../oidc/policy.ts';

/** The path of every route. */
export interface Paths {
  home: LocalPath;
  status: LocalPath;
  tokenDetails: LocalPath;
  tokenDetailsShort: LocalPath;
  signIn: LocalPath;
  /** Of each tenant, by its name. */
  callbacks: ReadonlyMap<string, LocalPath>;
  signOut: LocalPath;
  postSignOut: LocalPath;
  frontChannelLogout: LocalPath;
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
    /** As oauth2-proxy calls them. */
    oauth2: Record<'start' | 'signIn' | 'signOut', LocalPath>;
  };
  /** The key of each configured policy and the path that begins it. */
  policies: ReadonlyMap<string, LocalPath>;
  /** Those that are steps on the way in or out: no return path leads to one. */
  flow: ReadonlySet<string>;
}

const NAMED: Record<string, string> = {
  signIn: '/sign_in',
  editProfile: '/edit_profile',
  resetPassword: '/reset_password',
};

/** Where a policy begins, by its key. */
export const policyPath = (above: string, key: string): LocalPath =>
  `${above}${NAMED[key] ?? `/policy/${key}`}` as LocalPath;

type Settings = Pick<Config, 'routes' | 'policies' | 'tenants' | 'gate'>;

/** @throws SignInError `config_invalid` where the callback would be at the path of another route */
export function buildPaths(config: Settings): Paths {
  const paths = pathsUnder(config);
  const { callback } = config.routes;
  if (pathsBesideCallback(paths, config).includes(callback)) {
    const message = `routes.callback: must be a path of its own; ${callback} is another route`;
    throw new SignInError('config_invalid', message);
  }
  return paths;
}

function pathsBesideCallback(paths: Paths, { gate }: Settings): readonly string[] {
  const { callbacks, policies, gate: ofGate, flow: _, assets: __, ...others } = paths;
  const { oauth2, assertionKeys, ...answers } = ofGate;
  const [, ...ofFurtherTenants] = callbacks.values();
  return [
    ...Object.values(others),
    ...policies.values(),
    ...ofFurtherTenants,
    ...(gate ? [...Object.values(answers), ...Object.values(oauth2)] : []),
    ...(gate?.assertion ? [assertionKeys] : []),
  ];
}

function pathsUnder({ routes, policies, tenants }: Settings): Paths {
  const under = (path: string) => `${routes.prefix}${path}` as LocalPath;
  const pathOfPolicy = new Map<string, LocalPath>();
  for (const { name, policies: own } of [{ name: '', policies }, ...tenants]) {
    for (const { key } of own) {
      const above = name ? under(`/tenant/${name}`) : routes.prefix;
      pathOfPolicy.set(keyOf(name, key), policyPath(above, key));
    }
  }
  const callbacks = new Map([
    ['', routes.callback as LocalPath],
    ...tenants.map(({ name }) => [name, under(`/tenant/${name}/redirect`)] as const),
  ]);
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
  return {
    home: HOME,
    status: '/sign_in_status' as LocalPath,
    tokenDetails: under('/token_details'),
    tokenDetailsShort: '/token_details' as LocalPath,
    signIn: under('/sign_in'),
    callbacks,
    signOut,
    postSignOut,
    frontChannelLogout,
    sessions: under('/sessions'),
    me: under('/me'),
    assets: under('/assets'),
    health: '/healthz' as LocalPath,
    readiness: '/readyz' as LocalPath,
    gate,
    policies: pathOfPolicy,
    flow: new Set([
      ...pathOfPolicy.values(),
      ...callbacks.values(),
      signOut,
      postSignOut,
      frontChannelLogout,
      under('/me'),
      gate.verify,
      gate.forward,
      gate.oauth2Auth,
      ...Object.values(gate.oauth2),
    ]),
  };
}

/** Where a policy begins that comes back to `returnTo`. */
export function withReturnPath(path: LocalPath, returnTo: string): LocalPath {
  return `${path}?return_to=${encodeURIComponent(returnTo)}` as LocalPath;
}
