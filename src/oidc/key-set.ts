import { createLocalJWKSet, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import { SignInError } from '../errors.ts';
import type { Outbound } from './outbound.ts';

/** Finds the key of a token in a key set. */
export type KeyLookup = ReturnType<typeof createLocalJWKSet>;

const MAX_KEYS = 100;
const MIN_MODULUS_BITS = 2048;
const KEY_ID = /^[\w.-]{1,64}$/;

/**
 * Loads the RSA signing keys of a JWKS.
 * @throws SignInError `metadata_refused` if it has none; the message names its keys
 */
export async function loadKeys(jwksUri: string, fetch: Outbound['fetch']): Promise<KeyLookup> {
  const response = await fetch(jwksUri, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
  });
  const unusable = (reason: string) =>
    new SignInError('metadata_refused', `the provider's keys are unusable: ${reason}`);
  if (response.status !== 200) throw unusable(`status ${response.status}`);
  const document = await response.json().catch(() => undefined);
  const keys = (document as Partial<JSONWebKeySet> | null | undefined)?.keys;
  if (!Array.isArray(keys)) throw unusable('not a key set');
  if (keys.length > MAX_KEYS) throw unusable('too many keys');
  const problems = await Promise.all(keys.map(findProblem));
  const signing = keys.filter((_, index) => problems[index] === undefined);
  if (signing.length > 0) return createLocalJWKSet({ keys: signing });
  const named = keys.map((key, index) => `${nameOf(key)} ${problems[index]}`);
  throw unusable(`no RSA signing key${named.length > 0 ? `: ${named.join('; ')}` : ''}`);
}

/** Finds why a key cannot verify RS256. Keys that cannot are ignored, so that the others still work. */
async function findProblem(jwk: JWK | null): Promise<string | undefined> {
  if (jwk?.kty !== 'RSA') return 'is not an RSA key';
  if ((jwk.use ?? 'sig') !== 'sig')
    return `is not for signatures${jwk.use === 'enc' ? ' (use "enc")' : ''}`;
  if ((jwk.alg ?? 'RS256') !== 'RS256') return 'is for another algorithm than RS256';
  const key = await importJWK(jwk, 'RS256').catch(() => undefined);
  if (!key || key instanceof Uint8Array || key.type !== 'public')
    return 'is not a public RS256 key';
  const { modulusLength = 0 } = key.algorithm as { modulusLength?: number };
  return modulusLength < MIN_MODULUS_BITS ? `has only ${modulusLength} bits` : undefined;
}

// The log gets no text of the provider, except names that cannot be anything else.
const nameOf = (jwk: JWK | null): string =>
  typeof jwk?.kid === 'string' && KEY_ID.test(jwk.kid) ? `key ${jwk.kid}` : 'an unnamed key';
