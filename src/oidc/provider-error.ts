import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { SignInError, type SignInErrorCode } from '../errors.ts';
import { findInvalidClaim } from './invalid-claim.ts';
import { categorizeCode } from './provider-codes.ts';

// Library errors must never be logged: their causes contain codes, claims and complete token responses.

// A map, because the provider can send `constructor` as the error.
const CODE_OF_OAUTH_ERROR = new Map<string, SignInErrorCode>([
  ['invalid_grant', 'grant_refused'],
  ['invalid_client', 'client_refused'],
  ['unauthorized_client', 'client_refused'],
]);

/** Converts any error of a request to the provider. The message of the result is safe to log. */
export function asSignInError(error: unknown): SignInError {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof SignInError) return inner;
  }
  if (error instanceof ResponseBodyError) {
    const code = CODE_OF_OAUTH_ERROR.get(error.error) ?? 'provider_response_invalid';
    const { providerCode, correlationId } = parseDescription(error.error_description);
    return new SignInError(
      code,
      `the token endpoint rejected the request${providerCode ? '' : ' without a code'}`,
      {
        cause: error,
        providerCode,
        providerError: parseErrorName(error.error),
        providerCorrelationId: correlationId,
      },
    );
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    return new SignInError(
      'client_refused',
      'the token endpoint requires another client authentication',
      {
        cause: error,
      },
    );
  }
  const reason = error instanceof ClientError && error.code ? ` (${error.code})` : '';
  const refused = findRefusedPart(error);
  if (refused !== undefined) {
    return new SignInError('id_token_refused', `the ID token is refused: ${refused}${reason}`, {
      cause: error,
    });
  }
  return new SignInError(
    'provider_response_invalid',
    `unusable response of the provider${reason}`,
    {
      cause: error,
    },
  );
}

/**
 * Converts an error of the redemption of a new authorization code. If the policy or B2C caused it, the user
 * must not be told to start again, because the next code fails too.
 */
export function asRedemptionError(error: unknown): SignInError {
  const refused = asSignInError(error);
  const isPolicyError = categorizeCode(refused.providerCode) === 'policy';
  if (refused.code !== 'grant_refused' || !isPolicyError) return refused;
  const message = 'the token endpoint rejected a new authorization code';
  return new SignInError('registration_refused', message, { ...refused, cause: refused.cause });
}

/** Finds the claim or part of the ID token that the library rejected. Does not return its value. */
function findRefusedPart(error: unknown): string | undefined {
  // The error wraps one of oauth4webapi, whose cause contains what was compared.
  const inner = error instanceof ClientError ? error.cause : undefined;
  const compared = inner instanceof Error ? inner.cause : undefined;
  if (typeof compared !== 'object' || compared === null) return undefined;
  if ('claim' in compared) return String(compared.claim);
  if ('claims' in compared) return findInvalidClaim(compared.claims as Record<string, unknown>);
  return 'header' in compared ? 'its header' : undefined;
}

/** Returns the error code and correlation ID of Microsoft's `error_description`. The rest is ignored. */
export function parseDescription(description: string | null | undefined): {
  providerCode: string | undefined;
  correlationId: string | undefined;
} {
  const providerCode = /^AAD(?:(?:B2C\d{5}|STS\d{4,7})(?!\d)|_Custom_[A-Za-z0-9]{1,32}\b)/.exec(
    description ?? '',
  )?.[0];
  const correlationId = /Correlation ID: ([0-9a-f-]{36})\b/i.exec(description ?? '')?.[1];
  return { providerCode, correlationId };
}

/**
 * The name of an error if it looks like one: RFC 6749 (5.2) allows nearly any text. At most 40 characters,
 * so that no `state`, nonce or code that is sent in its place reaches the log.
 */
export const parseErrorName = (error: string | null | undefined): string | undefined =>
  /^[A-Za-z_][A-Za-z0-9_.-]{0,39}$/.exec(error ?? '')?.[0];
