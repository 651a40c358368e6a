import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { SignInError } from '../errors.ts';
import type { CheckedClaims } from './claims.ts';
import { CLOCK_TOLERANCE_SECONDS, type DiscoveredPolicy } from './discovery.ts';

// The claims are stored in the session.
const MAX_TOKEN_LENGTH = 64 * 1024;
// The token comes directly from the token endpoint, so it was issued just now.
const MAX_AGE_SECONDS = 600;
const DAY_SECONDS = 86_400;
const SUBJECT = /^[\u0021-\u007e]{1,255}$/;
// "Not supported currently. Use oid claim." is the subject of user flows with an old default.
const UNSUPPORTED_SUBJECT = /^not supported currently\b/i;
const UNSUPPORTED_SUBJECT_ADVICE =
  'is the sentence of B2C that no subject is supported. Set "Subject (sub) claim" to ObjectID: Azure portal > ' +
  'Azure AD B2C > User flows > the user flow > Properties > Token compatibility settings';

/**
 * Returns the claims of an ID token after all checks of OpenID Connect Core 3.1.3.7, and the additional
 * checks for the kind of tenant.
 * @throws SignInError `id_token_refused`, `policy_mismatch`, or an error of the request for keys
 */
export async function verifyIdToken(
  idToken: string,
  {
    provider,
    nonce,
    nonceMayBeAbsent = false,
    now,
  }: { provider: DiscoveredPolicy; nonce: string; nonceMayBeAbsent?: boolean; now: number },
): Promise<CheckedClaims> {
  if (idToken.length > MAX_TOKEN_LENGTH) throw refused('too long');
  const claims = await verifySignature(idToken, provider, now);
  checkAudience(claims, provider.clientId);
  checkTimes(claims, now / 1000);
  const { nonce: tokenNonce } = claims;
  const hasExpectedNonce = tokenNonce === undefined ? nonceMayBeAbsent : tokenNonce === nonce;
  if (!hasExpectedNonce) throw refused('nonce');
  provider.tenant.checkClaims(claims, provider.policy);
  return { ...claims, sub: parseSubject(claims) };
}

function parseSubject({ sub }: JWTPayload): string {
  if (sub && SUBJECT.test(sub)) return sub;
  throw refused(sub && UNSUPPORTED_SUBJECT.test(sub) ? `sub ${UNSUPPORTED_SUBJECT_ADVICE}` : 'sub');
}

async function verifySignature(
  idToken: string,
  provider: DiscoveredPolicy,
  now: number,
): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await provider.keys.verify(idToken, {
      algorithms: ['RS256'],
      issuer: provider.issuer,
      audience: provider.clientId,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    // Access and logout tokens are signed with the same keys (RFC 8725, 3.11).
    const typ: unknown = protectedHeader.typ ?? 'JWT';
    if (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT') throw refused('typ');
    return payload;
  } catch (error) {
    if (error instanceof SignInError) throw error;
    const { code, claim, name } = error as { code?: string; claim?: string; name?: string };
    throw new SignInError('id_token_refused', `the ID token is refused: ${claim ?? code ?? name}`, {
      cause: error,
    });
  }
}

function checkAudience(claims: JWTPayload, clientId: string): void {
  // B2C's tokens have one audience. A second one could be a client that requested this token.
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (audiences.length !== 1 || audiences[0] !== clientId) throw refused('aud');
  const { azp } = claims;
  if (azp !== undefined && azp !== clientId) throw refused('azp');
}

function checkTimes(claims: JWTPayload, nowSeconds: number): void {
  const latest = nowSeconds + CLOCK_TOLERANCE_SECONDS;
  const { iat, nbf, exp, auth_time: authTime } = claims;
  if (iat === undefined || iat > latest || iat < nowSeconds - MAX_AGE_SECONDS) throw refused('iat');
  // `jwtVerify` has checked that it is a number and not in the future.
  if (nbf !== undefined && nbf < nowSeconds - DAY_SECONDS) throw refused('nbf');
  if (exp === undefined || exp <= iat) throw refused('exp');
  // It may be as old as the session at the provider, which B2C can keep for months.
  if (authTime !== undefined && !(typeof authTime === 'number' && authTime <= latest)) {
    throw refused('auth_time');
  }
}

/**
 * Checks that an access token was issued together with the ID token, if the ID token has `at_hash`
 * (OpenID Connect Core 3.1.3.8).
 * @throws SignInError `id_token_refused`
 */
export function checkAccessTokenHash(claims: CheckedClaims, accessToken: string): void {
  const expected = claims['at_hash'];
  if (expected === undefined) return;
  const hash = createHash('sha256').update(accessToken).digest();
  if (expected !== hash.subarray(0, 16).toString('base64url')) throw refused('at_hash');
}

/**
 * Checks that the user has re-authenticated if `max_age` or `prompt=login` was sent (OpenID Connect Core
 * 3.1.2.1). A token without `auth_time` fails this check.
 * @throws SignInError `authentication_too_old`
 */
export function checkAuthenticatedSince(claims: CheckedClaims, since: number | undefined): void {
  if (since === undefined) return;
  const { auth_time: authTime } = claims;
  if (typeof authTime === 'number' && authTime >= since - CLOCK_TOLERANCE_SECONDS) return;
  throw new SignInError('authentication_too_old', 'the provider did not re-authenticate the user');
}

const refused = (reason: string) =>
  new SignInError('id_token_refused', `the ID token is refused: ${reason}`);
