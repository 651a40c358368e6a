import * as openid from 'openid-client';
import type { ErrorActionConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { Attempt } from './authorization-request.ts';
import type { ReadClaims } from './claim-types.ts';
import { type User, userFromClaims } from './claims.ts';
import type { DiscoveredPolicy } from './discovery.ts';
import { actionFor, type NextStep } from './error-response.ts';
import { checkAccessTokenHash, checkAuthenticatedSince, verifyIdToken } from './id-token.ts';
import { asRedemptionError } from './provider-error.ts';
import { scopeKey, type Tokens, toAccessToken } from './tokens.ts';
import { withUserInfo } from './user-info.ts';

/** The result of a callback that is not an error. */
export type CallbackOutcome = { kind: 'authenticated'; user: User; tokens: Tokens } | NextStep;

// B2C's codes have about 1,000 characters. Tokens of an identity provider inside make them several times longer.
const MAX_VALUE_LENGTH = 8_192;
// A response has up to six.
const MAX_PARAMETERS = 32;

// Parameters of response types and modes that b2c-signin never requests.
const UNREQUESTED = ['id_token', 'token', 'response'];

/**
 * Rejects an authorization response with repeated, too long or too many parameters (RFC 6749, 3.1).
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
 * Completes an attempt whose `state` has been compared: validates the authorization response, redeems the
 * code in one request, and validates the ID token.
 * @throws SignInError
 */
export async function completeCallback(
  parameters: URLSearchParams,
  options: {
    attempt: Attempt;
    provider: DiscoveredPolicy;
    redirectUri: string;
    errors: Readonly<Record<string, ErrorActionConfig>>;
    readClaims: ReadClaims;
    now: () => number;
  },
): Promise<CallbackOutcome> {
  requireSingleValues(parameters);
  requireIssuer(parameters, options.provider);
  const { attempt, provider, now, errors } = options;
  if (parameters.has('error')) return actionFor(parameters, provider.tenant.errorActions, errors);
  if (!parameters.get('code')) throw new SignInError('callback_malformed', 'no code');
  if (UNREQUESTED.some((name) => parameters.has(name))) {
    throw new SignInError('callback_malformed', 'a response type that was not requested');
  }
  const response = await redeemCode(parameters, options).catch((error) => {
    throw asRedemptionError(error);
  });
  const accessToken = toAccessToken(response, now());
  // `authorizationCodeGrant` throws if it is missing.
  const idToken = String(response.id_token);
  const claims = await verifyIdToken(idToken, { provider, nonce: attempt.nonce, now: now() });
  checkAccessTokenHash(claims, accessToken.value);
  checkAuthenticatedSince(claims, attempt.authenticatedSince);
  return {
    kind: 'authenticated',
    user: userFromClaims(
      options.readClaims(
        provider.hasUserInfo ? await withUserInfo(claims, accessToken.value, provider) : claims,
      ),
    ),
    tokens: {
      idToken,
      refreshToken: response.refresh_token,
      accessTokens: { [scopeKey([])]: accessToken },
    },
  };
}

// RFC 9207, 2.4. Error responses too: the library checks only their `state`.
function requireIssuer(
  parameters: URLSearchParams,
  { issuer, configuration }: DiscoveredPolicy,
): void {
  const responseIssuer = parameters.get('iss');
  const { authorization_response_iss_parameter_supported: isRequired } =
    configuration.serverMetadata();
  if (responseIssuer === issuer || (responseIssuer === null && isRequired !== true)) return;
  throw new SignInError('callback_malformed', 'the response is from another issuer');
}

function redeemCode(
  parameters: URLSearchParams,
  {
    attempt,
    provider,
    redirectUri,
  }: { attempt: Attempt; provider: DiscoveredPolicy; redirectUri: string },
) {
  // From the configuration: the library sends this URL to the token endpoint as `redirect_uri`.
  const currentUrl = new URL(redirectUri);
  currentUrl.search = parameters.toString();
  return openid.authorizationCodeGrant(provider.configuration, currentUrl, {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.codeVerifier,
    idTokenExpected: true,
  });
}
