import type { TenantConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import {
  type Attempt,
  type AuthorizationHints,
  buildAuthorizationRequest,
  type LinkParameters,
} from './authorization-request.ts';
import { type CallbackOutcome, completeCallback } from './callback.ts';
import { createReadClaims } from './claim-types.ts';
import { clientFingerprint } from './client-fingerprint.ts';
import { createDiscovery, type DiscoveredPolicy } from './discovery.ts';
import { buildEndSessionUrl } from './end-session.ts';
import { isAddressedTo, type LogoutToken, verifyLogoutToken } from './logout-token.ts';
import { createOutbound } from './outbound.ts';
import type { Policy } from './policy.ts';
import { logProviderCalls } from './provider-call-log.ts';
import { type Refreshed, type RefreshRequest, refreshTokens } from './refresh.ts';
import { createTenant } from './tenant-kind.ts';

/** This application as a client of one tenant. Policies are named by their key in that tenant. */
export interface RelyingParty {
  policies: readonly Policy[];
  /** See `clientFingerprint`. */
  fingerprint: string;
  /** The origins of the provider, whose pages may show ours in a frame. */
  origins: ReadonlySet<string>;
  /** @throws SignInError `policy_not_configured`, `provider_unreachable`, `metadata_refused` */
  begin(
    policyKey: string,
    options: { hints: AuthorizationHints; linkParameters?: LinkParameters | undefined },
  ): Promise<{ url: URL; attempt: Attempt }>;
  /** Completes an authorization response whose `state` belongs to the attempt. @throws SignInError */
  complete(parameters: URLSearchParams, attempt: Attempt): Promise<CallbackOutcome>;
  /** Gets a new access token from the policy that issued the refresh token. @throws SignInError */
  refresh(policyKey: string, request: RefreshRequest): Promise<Refreshed>;
  /** Whether a policy of this tenant has the issuer. */
  hasIssuer(issuer: string): Promise<boolean>;
  /**
   * Verifies a logout token, except that its `jti` is new. Returns `undefined` for a token of another issuer or for
   * another client. Exists for tenants that may send such tokens. @throws SignInError
   */
  verifyLogoutToken?(token: string): Promise<LogoutToken | undefined>;
  /** Returns `undefined` when the provider is unreachable or has no end-session endpoint. */
  buildEndSessionUrl(policyKey: string, idToken: string | undefined): Promise<URL | undefined>;
  /** The keys of the policies that have no metadata or keys yet, so that sign-in is impossible. */
  missing(): string[];
  /** Loads metadata and keys before the first request. Never throws. */
  preload(): Promise<void>;
  close(): Promise<void>;
}

export interface RelyingPartyOptions {
  config: Omit<TenantConfig, 'name' | 'label' | 'callbackPath'>;
  redirectUri: string;
  postSignOutUri: string;
  log: Log;
  /** The time limit of one request to the provider. */
  timeoutMs?: number | undefined;
  /** The wall clock, for the times in tokens. */
  now: () => number;
  /** A clock that never goes back, for the age of cached documents. */
  steadyNow: () => number;
}

export function createRelyingParty(options: RelyingPartyOptions): RelyingParty {
  const { config, redirectUri, postSignOutUri, log, timeoutMs, now, steadyNow } = options;
  const { claimTypes } = config;
  const readClaims = createReadClaims({ claimTypes, log });
  const tenant = createTenant(config);
  const outbound = createOutbound({ origins: tenant.origins, timeoutMs });
  const discovery = createDiscovery({
    config,
    tenant,
    fetchFor: logProviderCalls(outbound, log),
    log,
    now: steadyNow,
    wallClock: now,
  });

  const requireProvider = async (policyKey: string): Promise<DiscoveredPolicy> => {
    const policy = config.policies.find(({ key }) => key === policyKey);
    if (!policy) throw new SignInError('policy_not_configured', `no policy "${policyKey}"`);
    return discovery.get(policy);
  };

  const [signIn] = config.policies;
  const verifyAddressed = async (token: string) => {
    const clientId = config.client.id;
    const hasIssuer = (issuer: string) => signIn !== undefined && tenant.hasIssuer(issuer, signIn);
    if (!signIn || !isAddressedTo(token, { hasIssuer, clientId })) return undefined;
    return verifyLogoutToken(token, { provider: await discovery.get(signIn), now: now() });
  };

  return {
    policies: config.policies,
    fingerprint: clientFingerprint(config),
    origins: tenant.origins,
    async begin(policyKey, options) {
      const provider = await requireProvider(policyKey);
      const { scopes, responseMode } = config;
      const request = { ...options, redirectUri, scopes, responseMode, now: now() };
      return buildAuthorizationRequest(provider, request);
    },
    async complete(parameters, attempt) {
      const provider = await requireProvider(attempt.policy);
      const { errors } = config;
      return completeCallback(parameters, {
        attempt,
        provider,
        redirectUri,
        errors,
        readClaims,
        now,
      });
    },
    async refresh(policyKey, request) {
      const provider = await requireProvider(policyKey);
      return refreshTokens(provider, { ...request, signInScopes: config.scopes, readClaims, now });
    },
    async hasIssuer(issuer) {
      const providers = await Promise.allSettled(
        config.policies.map((policy) => discovery.get(policy)),
      );
      return providers.some(
        (result) => result.status === 'fulfilled' && result.value.issuer === issuer,
      );
    },
    ...(tenant.sendsLogoutTokens ? { verifyLogoutToken: verifyAddressed } : {}),
    async buildEndSessionUrl(policyKey, idToken) {
      const provider = await requireProvider(policyKey).catch(() => undefined);
      return provider && buildEndSessionUrl(provider, { idToken, postSignOutUri });
    },
    missing: discovery.missing,
    preload: discovery.preload,
    close: outbound.close,
  };
}
