import { createHash } from 'node:crypto';
import * as openid from 'openid-client';
import type { DiscoveredPolicy } from './discovery.ts';
import type { Tenant } from './tenant-kind.ts';

/** What we remember between sending the browser to the provider and its coming back. */
export interface Attempt {
  /** The key of the policy that was started. */
  policy: string;
  state: string;
  nonce: string;
  codeVerifier: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Epoch seconds: when the user must have authenticated last, where a fresh sign-in is asked for. */
  authenticatedSince?: number | undefined;
}

/** What a visitor may ask of the provider; nothing else of a request is ever passed on. */
export interface AuthorizationHints {
  loginHint?: string | undefined;
  domainHint?: string | undefined;
  uiLocales?: string | undefined;
  prompt?: 'login' | undefined;
  /** How long ago the user may have authenticated. */
  maxAgeSeconds?: number | undefined;
}

/**
 * Begins one policy: where to send the browser, and what to remember. PKCE is always used, although
 * B2C's metadata does not announce it (RFC 7636; RFC 9700, 2.1.1).
 */
export function buildAuthorizationRequest(
  { configuration, policy, tenant }: DiscoveredPolicy,
  options: {
    redirectUri: string;
    scopes: readonly string[];
    hints: AuthorizationHints;
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
  const { loginHint, domainHint, uiLocales } = options.hints;
  const parameters: Record<string, string> = {
    redirect_uri: options.redirectUri,
    response_mode: 'query',
    scope: signInScope(options.scopes, tenant),
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: codeChallenge(attempt.codeVerifier),
    code_challenge_method: 'S256',
    ...(loginHint ? { login_hint: loginHint } : {}),
    ...(domainHint ? { domain_hint: domainHint } : {}),
    ...(uiLocales ? { ui_locales: uiLocales } : {}),
    ...promptParameters(options, tenant),
  };
  return { url: openid.buildAuthorizationUrl(configuration, parameters), attempt };
}

function promptParameters(
  { hints, scopes }: { hints: AuthorizationHints; scopes: readonly string[] },
  { byTheBook }: Tenant,
): Record<string, string> {
  const { prompt, maxAgeSeconds = byTheBook && prompt === 'login' ? 0 : undefined } = hints;
  const consent = byTheBook && scopes.includes('offline_access') ? 'consent' : '';
  const prompts = [prompt ?? '', consent].filter((text) => text !== '').join(' ');
  return {
    ...(prompts ? { prompt: prompts } : {}),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
  };
}

/** The scopes of a sign-in. */
export const signInScope = (scopes: readonly string[], { extraScopes }: Tenant): string =>
  [...new Set(['openid', ...scopes, ...extraScopes(scopes)])].join(' ');

// RFC 7636, 4.2. The library's goes through the thread pool, which costs ten times the hash.
const codeChallenge = (codeVerifier: string): string =>
  createHash('sha256').update(codeVerifier).digest('base64url');

function authenticatedSince(
  { prompt, maxAgeSeconds }: AuthorizationHints,
  now: number,
): number | undefined {
  const age = prompt === 'login' ? 0 : maxAgeSeconds;
  return age === undefined ? undefined : Math.floor(now / 1000) - age;
}
