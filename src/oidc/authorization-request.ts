import { createHash } from 'node:crypto';
import * as openid from 'openid-client';
import type { ResponseMode } from '../config/response-mode.ts';
import type { DiscoveredPolicy } from './discovery.ts';
import type { Policy } from './policy.ts';
import type { Tenant } from './tenant-kind.ts';

/** The state that is kept between the authorization request and the callback. */
export interface Attempt {
  /** The key of the policy that was started, in its tenant. */
  policy: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** With `prompt=login` or `max_age`: the earliest `auth_time` to accept, epoch seconds. */
  authenticatedSince?: number | undefined;
}

/** The query parameters of a request that are passed to the provider. All others are ignored. */
export interface AuthorizationHints {
  loginHint?: string | undefined;
  domainHint?: string | undefined;
  uiLocales?: string | undefined;
  /** Requested authentication context classes. Nothing depends on whether the provider grants one. */
  acrValues?: string | undefined;
  prompt?: 'login' | undefined;
  /** The maximum age of the user's authentication. */
  maxAgeSeconds?: number | undefined;
}

/** Parameters that a link has for policies with `passThrough`, by name. They may be secret: never log them. */
export type LinkParameters = Readonly<Record<string, string>>;

/**
 * Builds the authorization request of one policy, and the attempt to keep until the callback. Always uses
 * PKCE, although B2C's metadata does not announce it (RFC 7636; RFC 9700, 2.1.1).
 */
export function buildAuthorizationRequest(
  { configuration, policy, tenant }: DiscoveredPolicy,
  options: {
    redirectUri: string;
    scopes: readonly string[];
    responseMode: ResponseMode;
    hints: AuthorizationHints;
    linkParameters?: LinkParameters | undefined;
    now: number;
  },
): { url: URL; attempt: Attempt } {
  const attempt = {
    policy: policy.key,
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    codeVerifier: openid.randomPKCECodeVerifier(),
    startedAt: options.now,
    authenticatedSince: authenticatedSince(options.hints, options.now),
  };
  const { loginHint, domainHint, uiLocales, acrValues } = options.hints;
  const parameters: Record<string, string> = {
    ...policy.parameters,
    ...passedThrough(policy, options.linkParameters),
    redirect_uri: options.redirectUri,
    response_mode: options.responseMode,
    scope: signInScope(options.scopes, tenant),
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: codeChallenge(attempt.codeVerifier),
    code_challenge_method: 'S256',
    ...(loginHint ? { login_hint: loginHint } : {}),
    ...(domainHint ? { domain_hint: domainHint } : {}),
    ...(uiLocales ? { ui_locales: uiLocales } : {}),
    ...(acrValues ? { acr_values: acrValues } : {}),
    ...promptParameters(options, tenant),
  };
  return { url: openid.buildAuthorizationUrl(configuration, parameters), attempt };
}

/** The parameters of a link that the policy takes. A follow-up policy may take others than the first one. */
function passedThrough(
  { passThrough = [] }: Policy,
  linkParameters: LinkParameters = {},
): Record<string, string> {
  const entries = Object.entries(linkParameters).filter(([name]) => passThrough.includes(name));
  return Object.fromEntries(entries);
}

function promptParameters(
  { hints, scopes }: { hints: AuthorizationHints; scopes: readonly string[] },
  { offlineAccessNeedsConsent, authTimeNeedsMaxAge }: Tenant,
): Record<string, string> {
  const { prompt } = hints;
  const impliedMaxAge = authTimeNeedsMaxAge && prompt === 'login' ? 0 : undefined;
  const { maxAgeSeconds = impliedMaxAge } = hints;
  const needsConsent = offlineAccessNeedsConsent && scopes.includes('offline_access');
  const prompts = [prompt ?? [], needsConsent ? 'consent' : []].flat().join(' ');
  return {
    ...(prompts ? { prompt: prompts } : {}),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
  };
}

/** Returns the `scope` parameter of a sign-in. */
export const signInScope = (scopes: readonly string[], { extraScopes }: Tenant): string =>
  [...new Set(['openid', ...scopes, ...extraScopes(scopes)])].join(' ');

// RFC 7636, 4.2. The library's own function uses the thread pool, which costs ten times the hash.
const codeChallenge = (codeVerifier: string): string =>
  createHash('sha256').update(codeVerifier).digest('base64url');

function authenticatedSince(
  { prompt, maxAgeSeconds }: AuthorizationHints,
  now: number,
): number | undefined {
  const ageSeconds = prompt === 'login' ? 0 : maxAgeSeconds;
  return ageSeconds === undefined ? undefined : Math.floor(now / 1000) - ageSeconds;
}
