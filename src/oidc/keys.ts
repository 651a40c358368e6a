import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { SignInError } from '../errors.ts';
import { createKeptCopy } from './kept-copy.ts';
import type { Outbound } from './outbound.ts';

/** The provider's signing keys of one policy (B2C gives each policy its own address for them). */
export interface SigningKeys {
  /** The key for a token. @throws SignInError, or jose's error when no key fits */
  find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey>;
  /** Loads the keys ahead of the first sign-in. */
  preload(): Promise<void>;
  /** Whether any keys are at hand. */
  loaded(): boolean;
}

type KeyLookup = ReturnType<typeof createLocalJWKSet>;

const DAY_MS = 86_400_000;

/**
 * Keys change without notice: an unknown key id makes one fetch, at most every ten seconds. Known
 * keys are good through any outage of their address, and are read again once a day.
 */
export function createSigningKeys(
  jwksUri: string,
  { outbound, now }: { outbound: Outbound; now: () => number },
): SigningKeys {
  const keys = createKeptCopy<KeyLookup>({
    load: () => loadKeys(jwksUri, outbound),
    maxAgeMs: DAY_MS,
    retryMs: 1_000,
    renewalMs: 10_000,
    now,
  });
  return {
    async find(header, token) {
      const known = await keys.get();
      try {
        return await known(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      const renewed = await keys.renew();
      return renewed(header, token);
    },
    async preload() {
      await keys.get();
    },
    loaded: () => keys.peek() !== undefined,
  };
}

async function loadKeys(jwksUri: string, outbound: Outbound): Promise<KeyLookup> {
  const response = await outbound.fetch(jwksUri, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
  });
  const unusable = (reason: string) =>
    new SignInError('provider_answer_invalid', `the provider's keys are unusable: ${reason}`);
  if (response.status !== 200) throw unusable(`status ${response.status}`);
  const document = await response.json().catch(() => undefined);
  const keys = (document as Partial<JSONWebKeySet> | undefined)?.keys;
  if (!Array.isArray(keys)) throw unusable('not a key set');
  const signing = keys.filter((key) => key?.kty === 'RSA' && (key.use ?? 'sig') === 'sig');
  if (signing.length === 0) throw unusable('no RSA signing key');
  return createLocalJWKSet({ keys: signing });
}
