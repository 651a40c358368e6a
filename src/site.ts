import type { Config } from './config.ts';
import type { Responder } from './http/response.ts';
import type { Route } from './http/router.ts';
import { keyOf, tenantOf } from './oidc/policy.ts';
import type { Pages, Site } from './pages/render.ts';
import type { Templates } from './pages/templates.ts';
import type { Parts } from './routes/parts.ts';
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

/** The pages, for each tenant with links of its own. */
export function createTenantPages(
  { tenants }: Config,
  create: (tenant: string) => Pages,
): Pick<Parts, 'pages' | 'pagesFor'> {
  const pages = create('');
  const further = new Map(tenants.map(({ name }) => [name, create(name)]));
  return { pages, pagesFor: ({ policy }) => further.get(tenantOf(policy)) ?? pages };
}

/** What is the same on every page for the people of one tenant. */
export function siteOf(
  config: Config,
  {
    tenant,
    paths,
    assets,
    demo,
  }: { tenant: string; paths: Paths; assets: Assets; demo: Site['demo'] },
): Site {
  const { baseUrl, tenants } = config;
  const { policies } = tenants.find(({ name }) => name === tenant) ?? config;
  const labelled = policies.filter(({ label }) => label);
  const pathOf = (policy: string) => paths.policies.get(keyOf(tenant, policy));
  return {
    paths: {
      home: paths.home,
      tokenDetails: paths.tokenDetails,
      signIn: paths.signIn,
      signOut: paths.signOut,
      sessions: paths.sessions,
      editProfile: pathOf('editProfile'),
      resetPassword: pathOf('resetPassword'),
      styleSheet: assets.styleSheet.path,
      favicon: assets.favicon.path,
    },
    morePolicies: labelled.map(({ key, label }) => ({
      href: String(pathOf(key)),
      label: String(label),
    })),
    otherSignIns: tenants.flatMap(({ name, label }) =>
      label ? [{ href: String(paths.policies.get(keyOf(name, 'signIn'))), label }] : [],
    ),
    registration: {
      redirectUri: new URL(config.routes.callback, baseUrl).href,
      postSignOutUri: new URL(paths.postSignOut, baseUrl).href,
    },
    demo,
  };
}
