import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/config.ts';
import type { Paths } from '../config/paths.ts';
import { isLoopback } from '../config/urls.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { Responder } from '../http/response.ts';
import type { Route } from '../http/router.ts';
import { accentStyle } from '../pages/accent-style.ts';
import { createLanguageNegotiator } from '../pages/language-negotiation.ts';
import type { Language } from '../pages/languages.ts';
import type { createPages, Pages, Site } from '../pages/render.ts';
import { type StaticFile, type Templates, toStaticFile } from '../pages/templates.ts';
import type { AppContext } from '../routes/app-context.ts';

/** The files that pages refer to. */
export interface Assets extends Record<'styleSheet' | 'favicon' | 'script', Asset> {
  logo?: Asset | undefined;
}

interface Asset {
  path: string;
  contentType: string;
  /** For `integrity` of an element that loads it. */
  integrity: string;
  body: Buffer;
}

export function findAssets(
  templates: Templates,
  { paths, site: { logo, accentColor } }: Pick<Config, 'paths' | 'site'>,
): Assets {
  const toAsset = ({ hashedName, ...file }: StaticFile, contentType: string): Asset => ({
    path: `${paths.assets}/${hashedName}`,
    contentType,
    ...file,
  });
  const styleSheet = templates.asset('style.css');
  const styled = accentColor
    ? toStaticFile(
        'style.css',
        Buffer.concat([styleSheet.body, Buffer.from(accentStyle(accentColor))]),
      )
    : styleSheet;
  return {
    styleSheet: toAsset(styled, 'text/css; charset=utf-8'),
    favicon: toAsset(templates.asset('favicon.svg'), 'image/svg+xml'),
    script: toAsset(templates.asset('page.js'), 'text/javascript; charset=utf-8'),
    logo: logo && toAsset(toStaticFile(`logo${logo.extension}`, logo.body), logo.contentType),
  };
}

export const assetRoutes = (assets: Assets, respond: Responder): Route[] =>
  Object.values(assets)
    .filter((asset: Asset | undefined): asset is Asset => asset !== undefined)
    .map(({ path, contentType, body }) => ({
      path,
      methods: { GET: (_request, response) => respond.file(response, contentType, body) },
    }));

/** Creates the pages of each tenant in each language. Returns a function that chooses them for a request. */
export function createPagesFor(
  { tenants }: Config,
  languages: readonly Language[],
  create: (tenant: string, language: Parameters<typeof createPages>[2]) => Pages,
): AppContext['pagesFor'] {
  const negotiator = createLanguageNegotiator(languages);
  const createForEachLanguage = (tenant: string) => ({
    wanted: new Map(languages.map((language) => [language, create(tenant, { language })])),
    named: new Map(
      languages.map((language) => [
        language,
        create(tenant, { language, uiLocales: language.tag }),
      ]),
    ),
  });
  const [{ name: main }, ...additional] = tenants;
  const first = createForEachLanguage(main);
  const further = new Map(additional.map(({ name }) => [name, createForEachLanguage(name)]));
  return (request, known) => {
    const { wanted, named } = (known && further.get(known.tenant)) ?? first;
    const uiLocales = findUiLocales(request) ?? known?.uiLocales;
    const language = uiLocales === undefined ? undefined : negotiator.fromLocales(uiLocales);
    const pages = language
      ? named.get(language)
      : wanted.get(negotiator.fromHeader(request.headers['accept-language']));
    return pages as Pages;
  };
}

function findUiLocales(request: IncomingMessage): string | undefined {
  // Most requests have none: do not parse their query.
  if (!request.url?.includes('ui_locales=')) return undefined;
  return singleValue(parseQuery(request), 'ui_locales');
}

/** Returns the data that all pages of one tenant share. */
export function createSite(
  config: Config,
  {
    tenant,
    paths,
    assets,
    demo,
  }: { tenant: string; paths: Paths; assets: Assets; demo: Site['demo'] },
): Site {
  const { baseUrl, tenants, site } = config;
  const { policies } = tenants.find(({ name }) => name === tenant) ?? tenants[0];
  const findPolicyPath = (key: string) => policies.find((policy) => policy.key === key)?.path;
  const toUrl = (path: string) => new URL(path, baseUrl).href;
  return {
    name: site.name,
    paths: {
      home: paths.home,
      tokenDetails: paths.tokenDetails,
      signIn: paths.signIn,
      signOut: paths.signOut,
      sessions: paths.sessions,
      editProfile: findPolicyPath('editProfile'),
      resetPassword: findPolicyPath('resetPassword'),
      styleSheet: assets.styleSheet.path,
      favicon: assets.favicon.path,
      logo: assets.logo?.path,
    },
    additionalPolicies: policies.flatMap(({ path, label }) =>
      label ? [{ href: path, label }] : [],
    ),
    additionalTenants: tenants.flatMap(({ label, policies }) => {
      const signIn = policies.find(({ key }) => key === 'signIn');
      return label && signIn ? [{ href: signIn.path, label }] : [];
    }),
    script: assets.script,
    // Only for the developer who sets it up.
    registration: isLoopback(baseUrl)
      ? {
          redirectUris: [...paths.callbacks.values()].map(toUrl),
          postSignOutUri: toUrl(paths.postSignOut),
        }
      : undefined,
    demo,
  };
}
