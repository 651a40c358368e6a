import type { TenantConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import {
  type Attempt,
  type AuthorizationHints,
  buildAuthorizationRequest,
} from './authorization-request.ts';
import { type CallbackOutcome, completeCallback } from './callback.ts';
import { clientFingerprint, type FindFingerprint } from './client-fingerprint.ts';
import { createDiscovery } from './discovery.ts';
import { buildEndSessionAddress } from './end-session.ts';
import { createOutbound } from './outbound.ts';
import { findPolicy, type Policy } from './policy.ts';
import { logProviderCalls } from './provider-call-log.ts';
import { type Refreshed, type RefreshRequest, refreshTokens } from './refresh.ts';
import { createTenant } from './tenant-kind.ts';

/** This application as OpenID sees it: what it says to the provider, and what it believes. */
export interface RelyingParty {
  policies: readonly Policy[];
  /** Computed once: it is asked for on the way of every signed-in request. */
  findFingerprint: FindFingerprint;
  /** Of the provider: whose pages may frame ours. */
  origins: ReadonlySet<string>;
  /** Those of the tenant of one policy. */
  originsOf(policyKey: string): ReadonlySet<string>;
  /** @throws SignInError `policy_not_configured`, `provider_unreachable`, `metadata_refused` */
  begin(policyKey: string, hints: AuthorizationHints): Promise<{ url: URL; attempt: Attempt }>;
  /** Takes an authorization response whose `state` belongs to the attempt. @throws SignInError */
  complete(parameters: URLSearchParams, attempt: Attempt): Promise<CallbackOutcome>;
  /** A new access token from the policy that issued the refresh token. @throws SignInError */
  refresh(policyKey: string, request: RefreshRequest): Promise<Refreshed>;
  /** The names of the tenants of which it is an issuer, see `tenantOf`; mostly one or none. */
  tenantsOfIssuer(issuer: string): Promise<string[]>;
  /** `undefined` when the provider cannot be asked; then the visitor is signed out here alone. */
  endSessionAddress(policyKey: string, idToken: string | undefined): Promise<URL | undefined>;
  /** The policies that nobody can use at this moment; empty when all is well. */
  missing(): string[];
  /** Fetches metadata and keys ahead of the first visitor. Never throws. */
  preload(): Promise<void>;
  close(): Promise<void>;
}

export interface RelyingPartyOptions {
  config: Pick<TenantConfig, 'tenant' | 'client' | 'policies' | 'scopes' | 'errors'>;
  redirectUri: string;
  postSignOutUri: string;
  log: Log;
  /** The deadline of one exchange with the provider. */
  timeoutMs?: number | undefined;
  /** The time of day, which tokens are held against. */
  now: () => number;
  /** The time that passes, however the clock is set: for what is kept. */
  steadyNow: () => number;
}

export function createRelyingParty(options: RelyingPartyOptions): RelyingParty {
  const { config, redirectUri, postSignOutUri, log, timeoutMs, now, steadyNow } = options;
  const tenant = createTenant(config);
  const binding = clientFingerprint(config);
  const outbound = createOutbound({ origins: tenant.origins, timeoutMs });
  const discovery = createDiscovery({
    config,
    tenant,
    fetchFor: logProviderCalls(outbound, log),
    log,
    now: steadyNow,
  });

  const providerFor = async (policyKey: string) => {
    const policy = findPolicy(config.policies, policyKey);
    if (!policy) throw new SignInError('policy_not_configured', `no policy "${policyKey}"`);
    return discovery.providerOf(policy);
  };

  return {
    policies: config.policies,
    findFingerprint: (key) => (findPolicy(config.policies, key) ? binding : undefined),
    origins: tenant.origins,
    originsOf: () => tenant.origins,
    async begin(policyKey, hints) {
      const provider = await providerFor(policyKey);
      const { scopes } = config;
      return buildAuthorizationRequest(provider, { redirectUri, scopes, hints, now: now() });
    },
    async complete(parameters, attempt) {
      const provider = await providerFor(attempt.policy);
      const { errors } = config;
      return completeCallback(parameters, { attempt, provider, redirectUri, errors, now });
    },
    async refresh(policyKey, request) {
      const provider = await providerFor(policyKey);
      return refreshTokens(provider, { ...request, signInScopes: config.scopes, now });
    },
    async tenantsOfIssuer(issuer) {
      const asked = config.policies.map((policy) => discovery.providerOf(policy));
      const known = await Promise.allSettled(asked);
      const isOurs = known.some((one) => one.status === 'fulfilled' && one.value.issuer === issuer);
      return isOurs ? [''] : [];
    },
    async endSessionAddress(policyKey, idToken) {
      const provider = await providerFor(policyKey).catch(() => undefined);
      return provider && buildEndSessionAddress(provider, { idToken, postSignOutUri });
    },
    missing: discovery.missing,
    preload: discovery.preload,
    close: outbound.close,
  };
}
