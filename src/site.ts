import type { Config } from './config.ts';
import type { Responder } from './http/response.ts';
import type { Route } from './http/router.ts';
import type { Site } from './pages/render.ts';
import type { Templates } from './pages/templates.ts';
import type { Paths } from './routes/paths.ts';

export type Assets = Record<'styleSheet' | 'favicon', Route>;

/** The files that pages refer to. */
export function assetRoutes(templates: Templates, paths: Paths, respond: Responder): Assets {
  const route = (fileName: string, contentType: string): Route => {
    const { hashedName, body } = templates.asset(fileName);
    return {
      path: `${paths.assets}/${hashedName}`,
      methods: { GET: (_request, response) => respond.file(response, contentType, body) },
    };
  };
  return {
    styleSheet: route('style.css', 'text/css; charset=utf-8'),
    favicon: route('favicon.svg', 'image/svg+xml'),
  };
}

/** What is the same on every page. */
export function siteOf(
  config: Config,
  { paths, assets, demo }: { paths: Paths; assets: Assets; demo: Site['demo'] },
): Site {
  const { policies, baseUrl } = config;
  const labelled = policies.filter(({ label }) => label);
  return {
    paths: {
      home: paths.home,
      tokenDetails: paths.tokenDetails,
      signIn: paths.signIn,
      signOut: paths.signOut,
      sessions: paths.sessions,
      editProfile: paths.policies.get('editProfile'),
      resetPassword: paths.policies.get('resetPassword'),
      styleSheet: assets.styleSheet.path,
      favicon: assets.favicon.path,
    },
    morePolicies: labelled.map(({ key, label }) => ({
      href: String(paths.policies.get(key)),
      label: String(label),
    })),
    registration: {
      redirectUri: new URL(paths.callback, baseUrl).href,
      postSignOutUri: new URL(paths.postSignOut, baseUrl).href,
    },
    demo,
  };
}
