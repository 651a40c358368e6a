import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config.ts';
import type { TenantConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import { createGate } from '../gate/gate.ts';
import { createCookieWriter } from '../http/cookies.ts';
import { createOriginalRequestReader } from '../http/original-request.ts';
import { createResponder } from '../http/response.ts';
import { createParseReturnTarget } from '../http/return-target.ts';
import { frameHeaders, type HeaderList, securityHeaders } from '../http/security-headers.ts';
import { createTrustedProxies } from '../http/trusted-proxies.ts';
import type { Log } from '../log/log.ts';
import { cloneUser, type User } from '../oidc/claims.ts';
import type { PolicyRef } from '../oidc/policy.ts';
import { findFingerprint, preloadAll } from '../oidc/relying-parties.ts';
import { createRelyingParty } from '../oidc/relying-party.ts';
import { type Language, loadLanguages } from '../pages/languages.ts';
import { createPages, type Site } from '../pages/render.ts';
import { BUILT_IN_TEMPLATES, loadTemplates, type Templates } from '../pages/templates.ts';
import { meRoute, statusRoutes, tokenDetailsRoutes } from '../routes/account.ts';
import type { AppContext } from '../routes/app-context.ts';
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
import { createSealer } from '../session/sealed-value.ts';
import { createSessions, type SessionStore } from '../session/session.ts';
import { createSigner } from '../session/signed-cookie.ts';
import { createAccessTokens } from '../visitor/access-tokens.ts';
import { ATTEMPT_FORMAT, createAttemptCookies } from '../visitor/attempt-cookies.ts';
import { createBrowserSessions, type SessionContent } from '../visitor/browser-sessions.ts';
import { createLogoutCookie } from '../visitor/logout-cookie.ts';
import { createStartPolicy } from '../visitor/start-policy.ts';
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

function createContext(
  config: Config,
  given: Pick<
    AppContext,
    'respond' | 'paths' | 'pagesFor' | 'log' | 'showErrorDetails' | 'isStopping'
  > & {
    store: SessionStore<SessionContent>;
    now: () => number;
    steadyNow: () => number;
    providerTimeoutMs: number | undefined;
  },
): AppContext {
  const { respond, paths, log, store, now, steadyNow, providerTimeoutMs: timeoutMs } = given;
  const { session, baseUrl, gate } = config;
  const https = baseUrl.protocol === 'https:';
  const toUrl = (path: string) => new URL(path, baseUrl).href;
  const createParty = (tenant: TenantConfig) =>
    createRelyingParty({
      config: tenant,
      redirectUri: toUrl(tenant.callbackPath),
      postSignOutUri: toUrl(paths.postSignOut),
      log,
      timeoutMs,
      now,
      steadyNow,
    });
  const relyingParties = new Map(
    config.tenants.map((tenant) => [tenant.name, createParty(tenant)] as const),
  );
  const findClientFingerprint = (ref: PolicyRef) => findFingerprint(relyingParties, ref);
  const frameOrigins = new Set([...relyingParties.values()].flatMap((party) => [...party.origins]));
  const attempts = createAttemptCookies({
    cookies: createCookieWriter({
      https,
      // The provider's page posts the response from another site.
      sameSite: config.responseMode === 'form_post' ? 'none' : 'lax',
    }),
    sealer: createSealer(session.secrets, `attempt ${ATTEMPT_FORMAT}`),
    claimOnce: store.claimOnce,
    findFingerprint: findClientFingerprint,
    now,
  });
  const sessions = createSessions<SessionContent>({
    store,
    log,
    idleMs: session.idleMinutes * 60_000,
    absoluteMs: session.absoluteMinutes * 60_000,
    now: steadyNow,
  });
  const signer = createSigner(session.secrets, 'session');
  const parseReturnTarget = createParseReturnTarget({
    baseUrl,
    allowedHosts: gate?.allowedHosts ?? [],
  });
  const logoutCookie = createLogoutCookie({
    cookies: createCookieWriter({ https, sameSite: 'none' }),
    signer: createSigner(session.secrets, 'front-channel logout'),
  });
  const browserSessions = createBrowserSessions({
    cookies: createCookieWriter({ https, domain: gate?.cookieDomain }),
    logoutCookie,
    signer,
    sessions,
    findFingerprint: findClientFingerprint,
  });
  // Every policy: profile editing after a timeout would show the profile to the next person.
  const needsCredentials = async (request: IncomingMessage) =>
    session.reauthenticateAfterIdle && browserSessions.hasEnded(request);
  return {
    ...given,
    relyingParties,
    attempts,
    browserSessions,
    logoutCookie,
    sessions,
    claimOnce: store.claimOnce,
    accessTokens: createAccessTokens({
      relyingParties,
      sessions,
      log,
      now,
      providerTimeoutMs: timeoutMs,
      claimsMaxAgeMs: gate?.refreshClaimsSeconds && gate.refreshClaimsSeconds * 1_000,
    }),
    startPolicy: createStartPolicy({ relyingParties, attempts, needsCredentials, respond, log }),
    origin: baseUrl.origin,
    respondInFrame: createResponder(
      frameHeaders({ hsts: https && config.hsts, origins: frameOrigins }),
    ),
    signedOutPages: config.signedOutPages,
    responseMode: config.responseMode,
    parseReturnTarget,
    gate:
      gate &&
      createGate(gate, {
        secrets: session.secrets,
        issuer: baseUrl.origin,
        isKnownHost: (host) => parseReturnTarget(`${baseUrl.protocol}//${host}/`) !== undefined,
        now,
      }),
    ...createOriginalRequestReader(createTrustedProxies(config.trustedProxies)),
  };
}
