import * as openid from 'openid-client';
import type { ErrorActionConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { Attempt } from './authorization-request.ts';
import { type User, userFromClaims } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';
import { actionFor, type NextStep } from './error-response.ts';
import { checkAccessTokenHash, checkAuthenticatedSince, verifyIdToken } from './id-token.ts';
import { asRedemptionError } from './provider-error.ts';
import { scopeKey, type Tokens, toAccessToken } from './tokens.ts';
import { withUserInfo } from './user-info.ts';

/** How a visit to the provider ended, when it ended well. */
export type CallbackOutcome = { kind: 'authenticated'; user: User; tokens: Tokens } | NextStep;

// Codes of B2C have about 1,000 characters; with an identity provider's tokens inside, several times that.
const MAX_VALUE_LENGTH = 8_192;
// An answer has a handful.
const MAX_PARAMETERS = 32;

// Those of response types and modes that are never asked for.
const UNASKED = ['id_token', 'token', 'response'];

/**
 * Refuses an authorization response that is not plainly one (RFC 6749, 3.1: no parameter twice).
 * @throws SignInError `callback_malformed`
 */
export function requireSingleValues(parameters: URLSearchParams): void {
  const names = new Set<string>();
  for (const [name, value] of parameters) {
    if (names.has(name) || value.length > MAX_VALUE_LENGTH) {
      throw new SignInError('callback_malformed', 'a parameter is repeated or too long');
    }
    names.add(name);
  }
  if (names.size > MAX_PARAMETERS)
    throw new SignInError('callback_malformed', 'too many parameters');
}

/**
 * Completes an attempt whose `state` has been compared: reads the provider's answer, redeems the
 * code (one request), and checks the ID token in every respect.
 * @throws SignInError
 */
export async function completeCallback(
  parameters: URLSearchParams,
  options: {
    attempt: Attempt;
    provider: DiscoveredPolicy;
    redirectUri: string;
    errors: Readonly<Record<string, ErrorActionConfig>>;
    now: () => number;
  },
): Promise<CallbackOutcome> {
  requireSingleValues(parameters);
  requireIssuer(parameters, options.provider);
  const { attempt, provider, now, errors } = options;
  if (parameters.has('error')) return actionFor(parameters, provider.tenant.errorActions, errors);
  if (!parameters.get('code')) throw new SignInError('callback_malformed', 'no code');
  if (UNASKED.some((name) => parameters.has(name))) {
    throw new SignInError('callback_malformed', 'an answer of another kind than the one asked for');
  }
  const answer = await redeemCode(parameters, options).catch((error) => {
    throw asRedemptionError(error);
  });
  const accessToken = toAccessToken(answer, now());
  // `authorizationCodeGrant` has made sure that there is one.
  const idToken = String(answer.id_token);
  const claims = await verifyIdToken(idToken, { provider, nonce: attempt.nonce, now: now() });
  checkAccessTokenHash(claims, accessToken.value);
  checkAuthenticatedSince(claims, attempt.authenticatedSince);
  return {
    kind: 'authenticated',
    user: userFromClaims(
      provider.hasUserInfo ? await withUserInfo(claims, accessToken.value, provider) : claims,
    ),
    tokens: {
      idToken,
      refreshToken: answer.refresh_token,
      accessTokens: { [scopeKey([])]: accessToken },
    },
  };
}

// RFC 9207, 2.4: of answers with an error too, which the library looks at only for their `state`.
function requireIssuer(
  parameters: URLSearchParams,
  { issuer, configuration }: DiscoveredPolicy,
): void {
  const said = parameters.get('iss');
  const { authorization_response_iss_parameter_supported: promised } =
    configuration.serverMetadata();
  if (said === issuer || (said === null && promised !== true)) return;
  throw new SignInError('callback_malformed', 'the answer is not of the issuer that was asked');
}

function redeemCode(
  parameters: URLSearchParams,
  {
    attempt,
    provider,
    redirectUri,
  }: { attempt: Attempt; provider: DiscoveredPolicy; redirectUri: string },
) {
  // From the configuration, because the library sends this address to the token endpoint.
  const currentUrl = new URL(redirectUri);
  currentUrl.search = parameters.toString();
  return openid.authorizationCodeGrant(provider.configuration, currentUrl, {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.codeVerifier,
    idTokenExpected: true,
  });
}
