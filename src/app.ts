import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Config, ProviderConfig } from './config.ts';
import { SignInError } from './errors.ts';
import { createCookieKit } from './http/cookies.ts';
import { forItsAudience } from './http/fetch-metadata.ts';
import { pathOf } from './http/request.ts';
import { createResponder } from './http/response.ts';
import { createRouter, type Match } from './http/router.ts';
import { frameHeaders, type HeaderList, securityHeaders } from './http/security-headers.ts';
import type { Log } from './log.ts';
import type { User } from './oidc/claims.ts';
import { createRelyingParty } from './oidc/relying-party.ts';
import { joinRelyingParties } from './oidc/tenants.ts';
import { openStore } from './open-store.ts';
import { createPages, type Site } from './pages/render.ts';
import { loadTemplates } from './pages/templates.ts';
import { meRoute, statusRoutes, tokenDetailsRoutes } from './routes/account.ts';
import { callbackRoutes } from './routes/callback.ts';
import { createFailureAnswer } from './routes/failure.ts';
import { frontChannelLogoutRoute } from './routes/front-channel-logout.ts';
import { healthRoutes } from './routes/health.ts';
import type { Parts } from './routes/parts.ts';
import { pathsOf } from './routes/paths.ts';
import { createRequireUser, type Guard, type UserConditions } from './routes/require-user.ts';
import { sessionsRoute } from './routes/sessions.ts';
import { policyRoutes } from './routes/sign-in.ts';
import { postSignOutRoute, signOutRoute } from './routes/sign-out.ts';
import { createSealer } from './session/sealed-value.ts';
import { createSessions, type SessionStore } from './session/session.ts';
import { createSigner } from './session/signed-cookie.ts';
import { createSteadyClock } from './session/steady-clock.ts';
import { assetRoutes, createTenantPages, siteOf } from './site.ts';
import { createAccessTokens } from './visitor/access-tokens.ts';
import {
  ATTEMPT_FORMAT,
  ATTEMPT_LIFETIME_MS,
  createAttemptCookies,
} from './visitor/attempt-cookies.ts';
import { createBeginPolicy } from './visitor/begin-policy.ts';
import { createLogoutCookie } from './visitor/logout-cookie.ts';
import { createSignedInVisitors, type SignedIn } from './visitor/signed-in.ts';
import { createSpentAttempts } from './visitor/spent-attempts.ts';

/** The sign-in server as connect-style middleware. */
export interface App {
  /**
   * Answers the routes that are its own and hands everything else on. Gives a promise where the answer
   * is still to come, or what `next` gives.
   */
  middleware(
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void | Promise<void>,
  ): void | Promise<void>;
  /** Answers "there is nothing here": what the program does with what is handed on. */
  notFound(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** A connect-style guard that lets pass who is signed in and fulfils the conditions. */
  requireUser(conditions?: UserConditions): Guard;
  /** Who is signed in; `undefined` when nobody is. */
  userOf(request: IncomingMessage): Promise<User | undefined>;
  /**
   * An access token of the visitor's, good for a minute at least: for the `scopes` of the configuration,
   * or for those of another API. Refreshed when needed, once for however many ask.
   * @throws SignInError `not_signed_in`, `no_refresh_token`, or a fault of the provider
   */
  accessToken(request: IncomingMessage, options?: { scopes?: readonly string[] }): Promise<string>;
  /** The headers of every answer, for those that Node writes by itself. */
  headers: HeaderList;
  /** Fetches the tenant's metadata ahead of the first visitor. Never throws. */
  preload(): Promise<void>;
  /** How many sessions there are, where that is known at no cost. */
  countSessions(): number | undefined;
  close(): Promise<void>;
}

export interface AppOptions {
  log: Log;
  now?: () => number;
  /** The deadline of one exchange with the provider. */
  providerTimeoutMs?: number;
  demo?: Site['demo'];
}

// Those that any path of this server takes.
const METHODS = new Set(['GET', 'HEAD', 'POST']);

const BUILT_IN_TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/** Puts the sign-in server together. @throws Error when the templates are unusable */
export async function createApp(
  config: Config,
  { log, now = Date.now, providerTimeoutMs, demo }: AppOptions,
): Promise<App> {
  const templates = loadTemplates([BUILT_IN_TEMPLATES, config.templates].filter((f) => f != null));
  const headers = securityHeaders({ https: config.baseUrl.protocol === 'https:' });
  const respond = createResponder(headers);
  const paths = pathsOf(config);
  const assets = assetRoutes(templates, paths, respond);
  const steadyNow = createSteadyClock({ wall: now });
  const store = await openStore<SignedIn>(config.session, { log, now: steadyNow });
  const parts = assemble(config, {
    store,
    steadyNow,
    respond,
    paths,
    ...createTenantPages(config, (tenant) =>
      createPages(templates, siteOf(config, { tenant, paths, assets, demo })),
    ),
    log,
    now,
    providerTimeoutMs,
  });
  const routes = [
    ...statusRoutes(parts),
    ...tokenDetailsRoutes(parts),
    ...policyRoutes(parts),
    ...callbackRoutes(parts),
    signOutRoute(parts),
    postSignOutRoute(parts),
    frontChannelLogoutRoute(parts),
    sessionsRoute(parts),
    meRoute(parts),
    ...healthRoutes(parts),
    ...Object.values(assets),
  ];
  const router = createRouter(routes.map(forItsAudience));
  const fail = createFailureAnswer(parts);

  return {
    middleware(request, response, next) {
      const failed = (error: unknown) => fail(request, response, error);
      let match: Match;
      try {
        match = router(request.method ?? '', pathOf(request));
        if (match.kind === 'handler') {
          const answered: unknown = match.handler(request, response);
          return answered instanceof Promise ? answered.catch(failed) : undefined;
        }
      } catch (error) {
        return failed(error);
      }
      // Outside, because what goes wrong further on is not for this site to answer.
      if (match.kind === 'unknown-path') return next();
      const error = new SignInError('method_not_allowed', 'no such method here');
      return fail(request, response, error, ['Allow', match.allow]);
    },
    async notFound(request, response) {
      if (METHODS.has(request.method ?? '')) {
        return fail(request, response, new SignInError('not_found', 'no such path'));
      }
      const error = new SignInError('method_not_allowed', 'no such method anywhere');
      await fail(request, response, error, ['Allow', [...METHODS].join(', ')]);
    },
    requireUser: createRequireUser(parts, fail),
    userOf: async (request) => (await parts.visitors.of(request))?.user,
    async accessToken(request, { scopes = [] } = {}) {
      const visitor = await parts.visitors.of(request);
      if (!visitor) throw new SignInError('not_signed_in', 'nobody is signed in');
      return parts.accessTokens(visitor, scopes);
    },
    headers,
    preload: parts.relyingParty.preload,
    countSessions: () => store.size?.(),
    async close() {
      await parts.relyingParty.close();
      await store.close();
    },
  };
}

function assemble(
  config: Config,
  given: Pick<Parts, 'respond' | 'paths' | 'pages' | 'pagesFor' | 'log'> & {
    store: SessionStore<SignedIn>;
    now: () => number;
    steadyNow: () => number;
    providerTimeoutMs: number | undefined;
  },
): Parts {
  const { respond, paths, log, store, now, steadyNow, providerTimeoutMs: timeoutMs } = given;
  const { session, baseUrl } = config;
  const https = baseUrl.protocol === 'https:';
  const cookies = createCookieKit({ https });
  const addressOf = (path: string) => new URL(path, baseUrl).href;
  const partyOf = (tenant: string, provider: ProviderConfig) =>
    createRelyingParty({
      config: provider,
      redirectUri: addressOf(String(paths.callbacks.get(tenant))),
      postSignOutUri: addressOf(paths.postSignOut),
      log,
      timeoutMs,
      now,
      steadyNow,
    });
  const relyingParty = joinRelyingParties(
    new Map([
      ['', partyOf('', config)],
      ...config.tenants.map((tenant) => [tenant.name, partyOf(tenant.name, tenant)] as const),
    ]),
  );
  const attempts = createAttemptCookies({
    cookies,
    sealer: createSealer(session.secrets, `attempt ${ATTEMPT_FORMAT}`),
    spent: createSpentAttempts({ lifetimeMs: ATTEMPT_LIFETIME_MS, now }),
    now,
  });
  const sessions = createSessions<SignedIn>({
    store,
    log,
    idleMs: session.idleMinutes * 60_000,
    absoluteMs: session.absoluteMinutes * 60_000,
    now: steadyNow,
  });
  const signer = createSigner(session.secrets, 'session');
  const logoutCookie = createLogoutCookie({
    cookies,
    signer: createSigner(session.secrets, 'front-channel logout'),
  });
  return {
    ...given,
    relyingParty,
    attempts,
    visitors: createSignedInVisitors({ cookies, logoutCookie, signer, sessions }),
    logoutCookie,
    sessions,
    accessTokens: createAccessTokens({
      relyingParty,
      sessions,
      log,
      now,
      providerTimeoutMs: timeoutMs,
    }),
    begin: createBeginPolicy({ relyingParty, attempts, respond, log }),
    origin: baseUrl.origin,
    respondInFrame: createResponder(frameHeaders({ https, origins: relyingParty.origins })),
    signedOutPages: config.signedOutPages,
  };
}
