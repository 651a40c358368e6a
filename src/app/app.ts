import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config.ts';
import { SignInError } from '../errors.ts';
import { createResponder } from '../http/response.ts';
import { type HeaderList, securityHeaders } from '../http/security-headers.ts';
import type { Log } from '../log/log.ts';
import { cloneUser, type User } from '../oidc/claims.ts';
import { preloadAll } from '../oidc/relying-parties.ts';
import { type Language, loadLanguages } from '../pages/languages.ts';
import { createPages, type Site } from '../pages/render.ts';
import { BUILT_IN_TEMPLATES, loadTemplates, type Templates } from '../pages/templates.ts';
import { meRoute, statusRoutes, tokenDetailsRoutes } from '../routes/account.ts';
import { backChannelLogoutRoutes } from '../routes/back-channel-logout.ts';
import { callbackRoutes } from '../routes/callback.ts';
import { createDispatch, type Middleware, respondNotFound } from '../routes/dispatch.ts';
import { createErrorResponder } from '../routes/error-responder.ts';
import { frontChannelLogoutRoute } from '../routes/front-channel-logout.ts';
import { gateRoutes } from '../routes/gate.ts';
import { findReadinessProblems, healthRoutes, type ReadinessProblems } from '../routes/health.ts';
import { oauth2ProxyRoutes } from '../routes/oauth2-proxy.ts';
import { createRequireUser, type Guard, type UserConditions } from '../routes/require-user.ts';
import { sessionsRoute } from '../routes/sessions.ts';
import { policyRoutes } from '../routes/sign-in.ts';
import { postSignOutRoute, signOutRoute } from '../routes/sign-out.ts';
import { createContext } from './create-context.ts';
import { redirectLoopbackAlias } from './loopback-redirect.ts';
import { type OpenStore, openStore } from './open-store.ts';
import { assetRoutes, createPagesFor, createSite, findAssets } from './page-context.ts';

/** Sign-in for the application that it is mounted in. */
export interface SignIn {
  /**
   * Handles requests below `routes.prefix` and the callback, and passes other requests to the next handler.
   * Mount it with `app.use(signIn.middleware)` before your routes.
   */
  middleware: Middleware;
  /** A guard for your routes: calls `next()` for signed-in users that meet the conditions. */
  requireUser(conditions?: UserConditions): Guard;
  /**
   * Returns the signed-in user, or `undefined`. Each call loads the session, so that a long-lived connection
   * can check again; with `slide: false` it does not extend the session.
   */
  userOf(request: IncomingMessage, options?: { slide?: boolean }): Promise<User | undefined>;
  /**
   * Returns an access token that is valid for at least one more minute, for the `scopes` of the
   * configuration or of another API. Refreshes it if needed; concurrent calls share one refresh.
   * @throws SignInError `not_signed_in`, `no_refresh_token`, or an error of the provider
   */
  accessToken(request: IncomingMessage, options?: { scopes?: readonly string[] }): Promise<string>;
  /** Closes the store and the connections to the tenant. Stop your server first. */
  close(): Promise<void>;
}

/** Adds what the program needs. */
export interface App extends SignIn {
  /** Handles every request: the middleware's routes, the program's pages, and 404. */
  listener(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** The headers of every response, for those that Node.js writes. */
  headers: HeaderList;
  /** Fetches the tenant's metadata before the first request. Never throws. */
  preload(): Promise<void>;
  /** The number of sessions, if the store knows it without a command. */
  countSessions(): number | undefined;
  /** Why users cannot sign in or use their session; empty when ready. */
  readiness(): Promise<ReadinessProblems>;
}

export interface AppOptions {
  log: Log;
  now?: () => number;
  /** The timeout of one call to the provider. */
  providerTimeoutMs?: number;
  demo?: Site['demo'];
  /** Session store to use; the caller opens and closes it. By default the app creates its own. */
  opened?: OpenStore;
  /** While true, `/readyz` returns 503. */
  isStopping?: () => boolean;
}

interface PageFiles {
  templates: Templates;
  languages: readonly Language[];
}

/** The files of the package do not change while it runs: they are read once in a process. */
let builtInPageFiles: PageFiles | undefined;

function loadPageFiles(folder: string | undefined): PageFiles {
  const load = (folders: readonly string[]) => ({
    templates: loadTemplates(folders),
    languages: loadLanguages(folders),
  });
  if (folder !== undefined) return load([BUILT_IN_TEMPLATES, folder]);
  builtInPageFiles ??= load([BUILT_IN_TEMPLATES]);
  return builtInPageFiles;
}

/** Puts the sign-in server together. @throws SignInError `config_invalid` for unusable templates */
export async function createApp(
  config: Config,
  { log, now = Date.now, providerTimeoutMs, demo, opened, isStopping = () => false }: AppOptions,
): Promise<App> {
  const { templates, languages } = loadPageFiles(config.templates);
  const { paths } = config;
  const assets = findAssets(templates, config);
  const hsts = config.baseUrl.protocol === 'https:' && config.hsts;
  const script = new URL(assets.script.path, config.baseUrl);
  const headers = securityHeaders({ hsts, script });
  const varyOfPages = ['Accept-Language'];
  const respond = createResponder(headers, { varyOfPages });
  const { store, steadyNow } = opened ?? (await openStore(config.session, { log, now }));
  const parts = createContext(config, {
    store,
    steadyNow,
    respond,
    paths,
    pagesFor: createPagesFor(config, languages, (tenant, language) =>
      createPages(templates, createSite(config, { tenant, paths, assets, demo }), language),
    ),
    log,
    now,
    isStopping,
    providerTimeoutMs,
    showErrorDetails: demo !== undefined || config.log.level === 'debug',
  });
  const fail = createErrorResponder(parts);
  // A reverse proxy may send responses of the gate to browsers on hosts of applications. Whether those
  // hosts always use HTTPS is not for this server to say.
  const gateParts = {
    ...parts,
    respond: createResponder(securityHeaders({ script }), { varyOfPages }),
  };
  const routes = [
    ...redirectLoopbackAlias(
      [...statusRoutes(parts), ...tokenDetailsRoutes(parts), ...policyRoutes(parts)],
      { baseUrl: config.baseUrl, respond },
    ),
    ...callbackRoutes(parts),
    signOutRoute(parts),
    postSignOutRoute(parts),
    frontChannelLogoutRoute(parts),
    ...backChannelLogoutRoutes(parts),
    sessionsRoute(parts),
    meRoute(parts),
    ...healthRoutes(parts),
    ...gateRoutes(gateParts, createErrorResponder(gateParts)),
    ...oauth2ProxyRoutes(gateParts),
    ...assetRoutes(assets, respond),
  ];
  const site = createDispatch(routes, fail);
  return {
    middleware: createDispatch(
      routes.filter(({ path }) => isMiddlewarePath(path, config)),
      fail,
    ),
    listener: (request, response) =>
      site(request, response, () => respondNotFound(request, response, fail)),
    requireUser: createRequireUser(parts, fail),
    async userOf(request, options) {
      const visitor = await parts.browserSessions.of(request, options);
      return visitor && cloneUser(visitor.user);
    },
    async accessToken(request, { scopes = [] } = {}) {
      const visitor = await parts.browserSessions.of(request);
      if (!visitor) throw new SignInError('not_signed_in', 'no user is signed in');
      return parts.accessTokens.get(visitor, scopes);
    },
    headers,
    preload: () => preloadAll(parts.relyingParties),
    countSessions: () => store.size?.(),
    readiness: () => findReadinessProblems(parts),
    async close() {
      await Promise.all([...parts.relyingParties.values()].map((party) => party.close()));
      if (!opened) await store.close();
    },
  };
}

/** Whether the middleware handles a path; the home page, for example, belongs to the application. */
const isMiddlewarePath = (path: string, { routes }: Config): boolean =>
  path.startsWith(`${routes.prefix}/`) || path === routes.callback;
