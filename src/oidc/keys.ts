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

/** The provider's signing keys of one policy (B2C gives each policy its own address for them). */
export interface SigningKeys {
  /** What a token says when one of the keys has signed it. @throws SignInError, or jose's error */
  verify(token: string, options: JWTVerifyOptions): Promise<JWTVerifyResult>;
  /** Loads the keys ahead of the first sign-in. */
  preload(): Promise<void>;
  /** Whether any keys are at hand. */
  loaded(): boolean;
}

const DAY_MS = 86_400_000;

/**
 * Keys change without notice: a token that no key at hand has signed makes one fetch, at most every
 * ten seconds. Known keys are good through any outage of their address, and are read again once a day.
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
        if (!isOfOtherKey(error)) throw error;
        const renewed = await keys.renew();
        if (renewed === known) throw error;
        return verifyWith(renewed, token, options);
      }
    },
    async preload() {
      await keys.get();
    },
    loaded: () => keys.peek() !== undefined,
  };
}

// New keys come under new ids, under the old one, or, where none has an id, without any.
const isOfOtherKey = (error: unknown) =>
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
    // Two keys of one id are the provider's slip, which must not keep people out.
    for await (const key of error) {
      const result = await jwtVerify(token, key, options).catch((otherError) => {
        if (!isOfOtherKey(otherError)) throw otherError;
      });
      if (result) return result;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}
