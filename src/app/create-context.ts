import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/config.ts';
import type { TenantConfig } from '../config/tenant-config.ts';
import { createGate } from '../gate/gate.ts';
import { createCookieWriter } from '../http/cookies.ts';
import { createOriginalRequestReader } from '../http/original-request.ts';
import { createResponder } from '../http/response.ts';
import { createParseReturnTarget } from '../http/return-target.ts';
import { frameHeaders } from '../http/security-headers.ts';
import { createTrustedProxies } from '../http/trusted-proxies.ts';
import type { PolicyRef } from '../oidc/policy.ts';
import { findFingerprint } from '../oidc/relying-parties.ts';
import { createRelyingParty } from '../oidc/relying-party.ts';
import type { AppContext } from '../routes/app-context.ts';
import { createSealer } from '../session/sealed-value.ts';
import { createSessions, type SessionStore } from '../session/session.ts';
import { createSigner } from '../session/signed-cookie.ts';
import { createAccessTokens } from '../visitor/access-tokens.ts';
import { ATTEMPT_FORMAT, createAttemptCookies } from '../visitor/attempt-cookies.ts';
import { createBrowserSessions, type SessionContent } from '../visitor/browser-sessions.ts';
import { createLogoutCookie } from '../visitor/logout-cookie.ts';
import { createStartPolicy } from '../visitor/start-policy.ts';

/** Creates what the routes share: relying parties, sessions, cookies and the gate. */
export function createContext(
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
