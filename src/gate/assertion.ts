import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto';
import { type JWK, SignJWT } from 'jose';
import type { User } from '../oidc/claims.ts';
import { deriveKey } from '../session/signed-cookie.ts';
import { MAX_LENGTH } from './identity-headers.ts';

/** Signed statements about a user, for applications that verify them instead of trusting the network. */
export interface Assertions {
  /** States that `user` sends `request`. `undefined` if the path is too long for a header. */
  sign(user: User, request: AssertedRequest): Promise<string> | undefined;
  /** The public keys (RFC 7517). */
  keySet: { keys: readonly JWK[] };
}

/** The request that an assertion is valid for. */
export interface AssertedRequest {
  method: string;
  /** The audience. */
  host: string;
  /** Path and query. */
  uri: string;
}

const LIFETIME_SECONDS = 60;
// Signing costs more than the rest of a response.
const CACHE_MS = 20_000;
const MAX_CACHED = 1_000;

/**
 * Derives the signing key from the first secret: every process has the same key, and no key is stored.
 * The public keys of all secrets are published, so that secrets can be rotated.
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
  const keys = secrets.map(deriveKeyPair);
  const [signing] = keys;
  if (!signing) throw new RangeError('assertions need at least one secret');
  const cache = new Map<string, { until: number; signed: Promise<string> }>();

  const signStatement = (statement: string) => {
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
    sign({ subject, name, email, claims }, { method, host, uri }) {
      // Without the query: it may contain secrets, which the application may log with the assertion.
      const path = uri.split('?', 1)[0] ?? '';
      if (path.length > MAX_LENGTH) return undefined;
      // The whole content is the cache key: another user, claim or request gets a new assertion.
      const statement = JSON.stringify({
        aud: host,
        method,
        path,
        sub: subject,
        idp: claims['iss'],
        email,
        name,
        groups: unlessTooLong(claims[groupsClaim]),
      });
      const cached = cache.get(statement);
      // The second comparison is for a clock that was set back.
      if (cached && now() < cached.until && cached.until <= now() + CACHE_MS) return cached.signed;
      if (cache.size >= MAX_CACHED) cache.clear();
      const signed = signStatement(statement);
      cache.set(statement, { until: now() + CACHE_MS, signed });
      return signed;
    },
  };
}

const unlessTooLong = (claim: unknown) =>
  (JSON.stringify(claim)?.length ?? 0) > MAX_LENGTH ? undefined : claim;

/** A P-256 key pair from a secret (FIPS 186-5, A.2.1: more random bits than the order has, then modulo). */
function deriveKeyPair(secret: string): {
  privateKey: KeyObject;
  publicKey: JWK & { kid: string };
} {
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

// The order of the P-256 group (SP 800-186, 3.2.1.3).
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
