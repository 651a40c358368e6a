import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Policy } from '../definition/policy.ts';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** As published. B2C writes these members in this order, without `alg`. */
  jwk: { kid: string; nbf: number; use: 'sig'; kty: 'RSA'; e: string; n: string };
}

/** The keys of one JWKS, newest first. The first key signs. */
export type KeyRing = [SigningKey, ...SigningKey[]];

/** User flows share one key ring, custom policies another. */
export interface SigningKeys {
  userFlows: KeyRing;
  customPolicies: KeyRing;
}

/** JSON with the private keys. */
export type SavedKeys = Record<keyof SigningKeys, SavedKey[]>;

// Not the type of Node.js, which has another name from one version of @types/node to the next.
type PrivateJwk = Record<string, unknown>;

interface SavedKey {
  jwk: SigningKey['jwk'];
  privateJwk: PrivateJwk;
}

const generate = promisify(generateKeyPair);

async function generateSigningKey(now: number): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  // RFC 7638 thumbprint: same format as B2C's key IDs.
  const thumbprint = createHash('sha256').update(JSON.stringify({ e, kty: 'RSA', n }));
  const kid = thumbprint.digest('base64url');
  const jwk = { kid, nbf: Math.floor(now / 1000), use: 'sig', kty: 'RSA', e, n } as const;
  return { kid, privateKey, publicKey, jwk };
}

/** Takes a few hundred milliseconds. Tests that start many emulators can share the result. */
export async function generateSigningKeys(now = Date.now()): Promise<SigningKeys> {
  const [userFlows, customPolicies] = await Promise.all([
    generateSigningKey(now),
    generateSigningKey(now),
  ]);
  return { userFlows: [userFlows], customPolicies: [customPolicies] };
}

/** Creates the keys that sign from now on. The old ones stay published with `keepOld`. */
export async function rotateSigningKeys(
  keys: SigningKeys,
  { keepOld, now }: { keepOld: boolean; now: number },
): Promise<SigningKeys> {
  const fresh = await generateSigningKeys(now);
  const behind = (ring: KeyRing, old: KeyRing): KeyRing => [ring[0], ...(keepOld ? old : [])];
  return {
    userFlows: behind(fresh.userFlows, keys.userFlows),
    customPolicies: behind(fresh.customPolicies, keys.customPolicies),
  };
}

export const saveKeys = ({ userFlows, customPolicies }: SigningKeys): SavedKeys => ({
  userFlows: userFlows.map(saveKey),
  customPolicies: customPolicies.map(saveKey),
});

export const restoreKeys = ({ userFlows, customPolicies }: SavedKeys): SigningKeys => ({
  userFlows: userFlows.map(restoreKey) as KeyRing,
  customPolicies: customPolicies.map(restoreKey) as KeyRing,
});

function saveKey({ jwk, privateKey }: SigningKey): SavedKey {
  return { jwk, privateJwk: privateKey.export({ format: 'jwk' }) };
}

function restoreKey({ jwk, privateJwk }: SavedKey): SigningKey {
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' });
  return { kid: jwk.kid, jwk, privateKey, publicKey: createPublicKey(privateKey) };
}

/** The keys that sign the tokens of a policy. */
export const findKeyRing = (keys: SigningKeys, { custom }: Pick<Policy, 'custom'>): KeyRing =>
  custom ? keys.customPolicies : keys.userFlows;
