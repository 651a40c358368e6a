import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';

/** Signs values, so that only a holder of the secrets can create them. */
export interface Signer {
  sign(value: string): string;
  /** Returns the parts of a value that one of the secrets has signed, and `undefined` otherwise. */
  verify(signed: string): Verified | undefined;
}

export interface Verified {
  value: string;
  /** It identifies the value, and the value cannot be derived from it. */
  signature: string;
}

/** Derives a key for one purpose. What is signed or sealed with it is invalid for every other purpose. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `b2c-signin ${purpose}`, 32));
}

const SIGNATURE_LENGTH = 43; // base64url of 32 bytes
// One or two megabytes.
const MAX_VERIFIED = 10_000;

/** Signs with the first secret and accepts all of them, so that secrets can be rotated. */
export function createSigner(secrets: readonly string[], purpose: string): Signer {
  const keys = secrets.map((secret) => createSecretKey(deriveKey(secret, `signature: ${purpose}`)));
  const [signingKey] = keys;
  if (!signingKey) throw new RangeError('a signer needs at least one secret');
  const signatureOf = (value: string, key: KeyObject) =>
    createHmac('sha256', key).update(value).digest('base64url');
  const isGenuine = ({ value, signature }: Verified) =>
    keys.some((key) => constantTimeEqual(signature, signatureOf(value, key)));
  // A browser sends the same cookie with each request, and the HMAC would be half the cost of a signed-in
  // request. Only valid values are cached, so attackers cannot fill the cache.
  const verified = new Map<string, Verified>();
  return {
    sign: (value) => `${value}.${signatureOf(value, signingKey)}`,
    verify(signed) {
      const cached = verified.get(signed);
      if (cached) return cached;
      const dot = signed.length - SIGNATURE_LENGTH - 1;
      if (dot < 1 || signed[dot] !== '.') return undefined;
      const parts = { value: signed.slice(0, dot), signature: signed.slice(dot + 1) };
      if (!isGenuine(parts)) return undefined;
      if (verified.size >= MAX_VERIFIED) verified.clear();
      verified.set(signed, parts);
      return parts;
    },
  };
}

/** Returns the signature of a signed value. */
export const extractSignature = (signed: string): string => signed.slice(-SIGNATURE_LENGTH);

/** Compares two strings in constant time. Empty strings are never equal. */
export function constantTimeEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}
