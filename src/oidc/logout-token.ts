import { decodeJwt, type JWTPayload } from 'jose';
import { SignInError } from '../errors.ts';
import { CLOCK_TOLERANCE_SECONDS, type DiscoveredPolicy } from './discovery.ts';

/** A verified logout token: the sessions that the provider has ended. */
export interface LogoutToken {
  jti: string;
  /** At least one of the two. */
  subject: string | undefined;
  sid: string | undefined;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
// Providers send it at once. They may leave out `typ`, which is only recommended.
const TYPES = new Set([undefined, 'jwt', 'logout+jwt', 'application/logout+jwt']);
const IDENTIFIER = /^[\u0021-\u007e]{1,255}$/;
const MAX_AGE_SECONDS = 600;

/** How long the `jti` of a token has to be remembered: after that, its `iat` is too old. */
export const LOGOUT_TOKEN_LIFETIME_MS = (MAX_AGE_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS) * 1_000;

/** Whether a token, which is not verified yet, is by this issuer and for this client. */
export function isAddressedTo(
  token: string,
  { hasIssuer, clientId }: { hasIssuer: (issuer: string) => boolean; clientId: string },
): boolean {
  try {
    const { iss, aud } = decodeJwt(token);
    return typeof iss === 'string' && hasIssuer(iss) && [aud].flat().includes(clientId);
  } catch {
    return false;
  }
}

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6), except that its `jti` is new.
 * @throws SignInError `id_token_refused`, or an error of the request for keys
 */
export async function verifyLogoutToken(
  token: string,
  { provider, now }: { provider: DiscoveredPolicy; now: number },
): Promise<LogoutToken> {
  const claims = await verifySignature(token, provider, now);
  const { iat, jti, events, sub, sid } = claims;
  const isRecent = typeof iat === 'number' && Math.abs(now / 1000 - iat) <= MAX_AGE_SECONDS;
  if (!isRecent || iat > now / 1000 + CLOCK_TOLERANCE_SECONDS) throw refused('iat');
  if (!isIdentifier(jti)) throw refused('jti');
  const event = (events as Record<string, unknown> | null)?.[EVENT];
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw refused('events');
  // An ID token has a nonce: it must never be accepted as a logout token.
  if ('nonce' in claims) throw refused('nonce');
  if (sub === undefined && sid === undefined) throw refused('sub and sid are missing');
  return { jti, subject: optionalIdentifier(sub, 'sub'), sid: optionalIdentifier(sid, 'sid') };
}

async function verifySignature(
  token: string,
  { keys, issuer, clientId }: DiscoveredPolicy,
  now: number,
): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await keys.verify(token, {
      algorithms: ['RS256'],
      issuer,
      audience: clientId,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
    });
    const typ: unknown = protectedHeader.typ;
    if (!TYPES.has(typeof typ === 'string' ? typ.toLowerCase() : undefined)) throw refused('typ');
    return payload;
  } catch (error) {
    if (error instanceof SignInError) throw error;
    const { code, claim, name } = error as { code?: string; claim?: string; name?: string };
    throw refused(String(claim ?? code ?? name), error);
  }
}

const isIdentifier = (value: unknown): value is string =>
  typeof value === 'string' && IDENTIFIER.test(value);

function optionalIdentifier(value: unknown, claim: string): string | undefined {
  if (value === undefined || isIdentifier(value)) return value;
  throw refused(claim);
}

const refused = (reason: string, cause?: unknown) =>
  new SignInError('id_token_refused', `the logout token is refused: ${reason}`, { cause });
