import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { SignInError, type SignInErrorCode } from '../errors.ts';
import { categorizeCode } from './provider-codes.ts';

// Library errors must never reach the log: their causes hold codes, claims and whole token answers.

// A map, because the provider may name its error `constructor` as well.
const CODE_OF_OAUTH_ERROR = new Map<string, SignInErrorCode>([
  ['invalid_grant', 'grant_refused'],
  ['invalid_client', 'client_refused'],
  ['unauthorized_client', 'client_refused'],
]);

/** Any error of a conversation with the provider as ours, with a message that is safe to log. */
export function asSignInError(error: unknown): SignInError {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof SignInError) return inner;
  }
  if (error instanceof ResponseBodyError) {
    const code = CODE_OF_OAUTH_ERROR.get(error.error) ?? 'provider_response_invalid';
    const { providerCode, correlationId } = parseDescription(error.error_description);
    return new SignInError(
      code,
      `the token endpoint refused${providerCode ? '' : ' without code'}`,
      {
        cause: error,
        providerCode,
        providerCorrelationId: correlationId,
      },
    );
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    return new SignInError('client_refused', 'the token endpoint asks for other authentication', {
      cause: error,
    });
  }
  const reason = error instanceof ClientError && error.code ? ` (${error.code})` : '';
  const refused = refusedOfIdToken(error);
  if (refused !== undefined) {
    return new SignInError('id_token_refused', `the ID token is refused: ${refused}${reason}`, {
      cause: error,
    });
  }
  return new SignInError('provider_response_invalid', `unusable answer of the provider${reason}`, {
    cause: error,
  });
}

/**
 * An error of the redemption of a new authorization code. Where the policy or B2C is at fault, the user must not
 * be told to start again: the next code fails as well.
 */
export function asRedemptionError(error: unknown): SignInError {
  const refused = asSignInError(error);
  const isPolicyError = categorizeCode(refused.providerCode) === 'policy';
  if (refused.code !== 'grant_refused' || !isPolicyError) return refused;
  const message = 'the token endpoint rejected a new authorization code';
  return new SignInError('registration_refused', message, { ...refused, cause: refused.cause });
}

/** The claim, or the part of the token, that the library did not take; its values stay in the cause. */
function refusedOfIdToken(error: unknown): string | undefined {
  // The library's own error wraps the one of oauth4webapi, whose cause says what was compared.
  const inner = error instanceof ClientError ? error.cause : undefined;
  const compared = inner instanceof Error ? inner.cause : undefined;
  if (typeof compared !== 'object' || compared === null) return undefined;
  if ('claim' in compared) return String(compared.claim);
  if ('claims' in compared) return 'a claim';
  return 'header' in compared ? 'its header' : undefined;
}

/** The machine-readable parts of an `error_description` of Microsoft's; the rest is never used. */
export function parseDescription(description: string | null | undefined): {
  providerCode: string | undefined;
  correlationId: string | undefined;
} {
  const providerCode = /^AAD(?:B2C\d{5}|STS\d{4,7})(?!\d)/.exec(description ?? '')?.[0];
  const correlationId = /Correlation ID: ([0-9a-f-]{36})\b/i.exec(description ?? '')?.[1];
  return { providerCode, correlationId };
}
