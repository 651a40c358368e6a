import type { Config } from '../config.ts';
import { HOME, type LocalPath } from '../http/local-path.ts';

/** The path of every route. */
export interface Paths {
  home: LocalPath;
  status: LocalPath;
  tokenDetails: LocalPath;
  tokenDetailsShort: LocalPath;
  signIn: LocalPath;
  callback: LocalPath;
  signOut: LocalPath;
  postSignOut: LocalPath;
  frontChannelLogout: LocalPath;
  sessions: LocalPath;
  me: LocalPath;
  assets: LocalPath;
  /** The key of each configured policy and the path that begins it. */
  policies: ReadonlyMap<string, LocalPath>;
  /** Those that are steps on the way in or out: no return path leads to one. */
  flow: ReadonlySet<string>;
}

export function pathsOf({ routes, policies }: Pick<Config, 'routes' | 'policies'>): Paths {
  const under = (path: string) => `${routes.prefix}${path}` as LocalPath;
  const named: Record<string, LocalPath> = {
    signIn: under('/sign_in'),
    editProfile: under('/edit_profile'),
    resetPassword: under('/reset_password'),
  };
  const pathOfPolicy = new Map(
    policies.map(({ key }) => [key, named[key] ?? under(`/policy/${key}`)] as const),
  );
  const signOut = under('/sign_out');
  const postSignOut = under('/post_sign_out');
  const frontChannelLogout = under('/front_channel_logout');
  const callback = routes.callback as LocalPath;
  return {
    home: HOME,
    status: '/sign_in_status' as LocalPath,
    tokenDetails: under('/token_details'),
    tokenDetailsShort: '/token_details' as LocalPath,
    signIn: under('/sign_in'),
    callback,
    signOut,
    postSignOut,
    frontChannelLogout,
    sessions: under('/sessions'),
    me: under('/me'),
    assets: under('/assets'),
    policies: pathOfPolicy,
    flow: new Set([
      ...pathOfPolicy.values(),
      callback,
      signOut,
      postSignOut,
      frontChannelLogout,
      under('/me'),
    ]),
  };
}

/** Where a policy begins that comes back to `returnTo`. */
export function withReturnPath(path: LocalPath, returnTo: string): LocalPath {
  return `${path}?return_to=${encodeURIComponent(returnTo)}` as LocalPath;
}
