import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto';
import { type JWK, SignJWT } from 'jose';
import type { User } from '../oidc/claims.ts';
import { deriveKey } from '../session/signed-cookie.ts';
import { MAX_LENGTH } from './identity-headers.ts';

/** Signed statements of who somebody is, for applications that want to verify instead of trusting a network. */
export interface Assertions {
  /** A statement for one application, by its host. */
  of(user: User, audience: string): Promise<string>;
  /** The keys to verify with (RFC 7517). */
  keySet: { keys: readonly JWK[] };
}

const LIFETIME_SECONDS = 60;
// Signing costs more than the rest of an answer.
const KEPT_MS = 20_000;
const MAX_KEPT = 10_000;

/**
 * Signs with a key that follows from the first secret, so that every process has the same one and none
 * has to be kept; the keys of all secrets are published, so that secrets can be replaced.
 */
export function createAssertions({
  secrets,
  issuer,
  groupsClaim,
  now,
}: {
  secrets: readonly string[];
  issuer: string;
  groupsClaim: string;
  now: () => number;
}): Assertions {
  const keys = secrets.map(keyOf);
  const [signing] = keys;
  if (!signing) throw new RangeError('assertions need at least one secret');
  const kept = new Map<string, { until: number; signed: Promise<string> }>();

  const sign = (statement: string) => {
    const issuedAt = Math.floor(now() / 1000);
    return new SignJWT(JSON.parse(statement))
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: signing.publicKey.kid })
      .setIssuer(issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(signing.privateKey);
  };

  return {
    keySet: { keys: keys.map(({ publicKey }) => publicKey) },
    of({ subject, name, email, claims }, audience) {
      // Kept under all that it says: who is another person, or changes, gets another one.
      const statement = JSON.stringify({
        aud: audience,
        sub: subject,
        idp: claims['iss'],
        email,
        name,
        groups: ofGoodLength(claims[groupsClaim]),
      });
      const before = kept.get(statement);
      if (before && now() < before.until && before.until <= now() + KEPT_MS) return before.signed;
      if (kept.size >= MAX_KEPT) kept.clear();
      const signed = sign(statement);
      kept.set(statement, { until: now() + KEPT_MS, signed });
      return signed;
    },
  };
}

const ofGoodLength = (claim: unknown) =>
  (JSON.stringify(claim)?.length ?? 0) > MAX_LENGTH ? undefined : claim;

/** A key pair on P-256 out of a secret (FIPS 186-5, A.2.1: more bits than the order has, taken modulo). */
function keyOf(secret: string): { privateKey: KeyObject; publicKey: JWK & { kid: string } } {
  const bits = Buffer.concat([
    deriveKey(secret, 'assertion key, first half'),
    deriveKey(secret, 'assertion key, second half'),
  ]);
  const scalar = (BigInt(`0x${bits.toString('hex')}`) % (ORDER - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((n) => n.toString('base64url'));
  const shape = { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) };
  const kid = deriveKey(secret, 'name of the assertion key').toString('base64url').slice(0, 16);
  return {
    privateKey: createPrivateKey({ key: { ...shape, d: d.toString('base64url') }, format: 'jwk' }),
    publicKey: { ...shape, kid, use: 'sig', alg: 'ES256' },
  };
}

// Of the group of P-256 (SP 800-186, 3.2.1.3).
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
