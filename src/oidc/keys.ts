import {
  decodeProtectedHeader,
  errors,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { createCachedDocument } from './cached-document.ts';
import { type KeyLookup, loadKeys } from './key-set.ts';
import type { FetchFor } from './provider-call-log.ts';

/** The provider's signing keys of one policy. At B2C each policy has its own `jwks_uri`. */
export interface SigningKeys {
  /** Verifies a token and returns its content. @throws SignInError, or an error of jose */
  verify(token: string, options: JWTVerifyOptions): Promise<JWTVerifyResult>;
  /** Loads the keys before the first sign-in. */
  preload(): Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * Loads and caches signing keys. Providers rotate keys without notice, so a token with an unknown key causes
 * one reload, at most every ten seconds. Keys are reloaded daily, and stay valid if that fails.
 */
export function createSigningKeys(
  jwksUri: string,
  { fetchFor, now }: { fetchFor: FetchFor; now: () => number },
): SigningKeys {
  const keys = createCachedDocument<KeyLookup>({
    load: () => loadKeys(jwksUri, fetchFor('keys')),
    maxAgeMs: DAY_MS,
    retryMs: 1_000,
    renewalMs: 10_000,
    now,
  });
  return {
    async verify(token, options) {
      const known = await keys.get();
      try {
        return await verifyWith(known, token, options);
      } catch (error) {
        if (!isUnknownKey(error)) throw error;
        const renewed = await keys.renew();
        if (renewed === known) throw error;
        return verifyWith(renewed, token, options);
      }
    },
    async preload() {
      await keys.get();
    },
  };
}

// A new key can have a new `kid`, the old `kid`, or none.
const isUnknownKey = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWSSignatureVerificationFailed;

async function verifyWith(
  keys: KeyLookup,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keys, options);
  } catch (error) {
    const isAmbiguous = error instanceof errors.JWKSMultipleMatchingKeys;
    if (!isAmbiguous || decodeProtectedHeader(token).kid === undefined) throw error;
    // A duplicate `kid` is a provider bug. Try each key instead of failing the sign-in.
    for await (const key of error) {
      const result = await jwtVerify(token, key, options).catch((otherError) => {
        if (!isUnknownKey(otherError)) throw otherError;
      });
      if (result) return result;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}
