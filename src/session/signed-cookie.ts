import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';

/** Makes values that only a holder of the secrets can have made. */
export interface Signer {
  sign(value: string): string;
  /** The value of a signed text, whichever secret signed it; `undefined` for every other text. */
  verify(signed: string): string | undefined;
}

/** A key for one purpose: what is signed or sealed for one is worthless for every other. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `b2c-signin ${purpose}`, 32));
}

const SIGNATURE_LENGTH = 43; // base64url of 32 bytes
// A megabyte or two.
const MAX_KNOWN = 10_000;

/** Signs with the first secret and accepts all, so that secrets can be replaced one by one. */
export function createSigner(secrets: readonly string[], purpose: string): Signer {
  const keys = secrets.map((secret) => createSecretKey(deriveKey(secret, `signature: ${purpose}`)));
  const [signingKey] = keys;
  if (!signingKey) throw new RangeError('a signer needs at least one secret');
  const signatureOf = (value: string, key: KeyObject) =>
    createHmac('sha256', key).update(value).digest('base64url');
  const isGenuine = (value: string, signature: string) =>
    keys.some((key) => constantTimeEqual(signature, signatureOf(value, key)));
  // What was found genuine before: a browser sends the same cookie with each request, and an HMAC costs
  // as much as all the rest that a signed-in request asks of this program. Nobody else's texts get in.
  const known = new Map<string, string>();
  return {
    sign: (value) => `${value}.${signatureOf(value, signingKey)}`,
    verify(signed) {
      const before = known.get(signed);
      if (before !== undefined) return before;
      const dot = signed.length - SIGNATURE_LENGTH - 1;
      if (dot < 1 || signed[dot] !== '.') return undefined;
      const value = signed.slice(0, dot);
      if (!isGenuine(value, signed.slice(dot + 1))) return undefined;
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(signed, value);
      return value;
    },
  };
}

/**
 * The signature of a signed text: as good a name for its value as the value itself, from which nobody
 * can tell what was signed.
 */
export const extractSignature = (signed: string): string => signed.slice(-SIGNATURE_LENGTH);

/** Compares without telling by its duration where two texts differ. Empty texts equal nothing. */
export function constantTimeEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}
