import { createLocalJWKSet, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import { SignInError } from '../errors.ts';
import type { Outbound } from './outbound.ts';

/** Finds the key of a token in a key set. */
export type KeyLookup = ReturnType<typeof createLocalJWKSet>;

const MAX_KEYS = 100;
const MIN_MODULUS_BITS = 2048;

/** Loads the RSA signing keys of a JWKS. @throws SignInError if it has none */
export async function loadKeys(jwksUri: string, fetch: Outbound['fetch']): Promise<KeyLookup> {
  const response = await fetch(jwksUri, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
  });
  const unusable = (reason: string) =>
    new SignInError('provider_response_invalid', `the provider's keys are unusable: ${reason}`);
  if (response.status !== 200) throw unusable(`status ${response.status}`);
  const document = await response.json().catch(() => undefined);
  const keys = (document as Partial<JSONWebKeySet> | null | undefined)?.keys;
  if (!Array.isArray(keys)) throw unusable('not a key set');
  if (keys.length > MAX_KEYS) throw unusable('too many keys');
  const usable = await Promise.all(keys.map(isUsable));
  const signing = keys.filter((_, index) => usable[index]);
  if (signing.length === 0) throw unusable('no RSA signing key');
  return createLocalJWKSet({ keys: signing });
}

/** Whether a key can verify RS256. Keys that cannot are ignored, so that the others still work. */
async function isUsable(jwk: JWK | null): Promise<boolean> {
  if (jwk?.kty !== 'RSA' || (jwk.use ?? 'sig') !== 'sig') return false;
  const key = await importJWK(jwk, 'RS256').catch(() => undefined);
  if (!key || key instanceof Uint8Array || key.type !== 'public') return false;
  const { modulusLength = 0 } = key.algorithm as { modulusLength?: number };
  return modulusLength >= MIN_MODULUS_BITS;
}
