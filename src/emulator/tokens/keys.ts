import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** As published: B2C gives these members in this order, and no `alg`. */
  jwk: { kid: string; nbf: number; use: 'sig'; kty: 'RSA'; e: string; n: string };
}

/** The keys of one key set, newest first; the first one signs. */
export type KeyRing = [SigningKey, ...SigningKey[]];

/** User flows share one key; custom policies sign with a key of the tenant's own. */
export interface SigningKeys {
  userFlows: KeyRing;
  customPolicies: KeyRing;
}

/** As JSON, with the private keys. */
export type SavedKeys = Record<keyof SigningKeys, SavedKey[]>;

interface SavedKey {
  jwk: SigningKey['jwk'];
  privateJwk: JsonWebKey;
}

const generate = promisify(generateKeyPair);

async function generateSigningKey(now: number): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  // RFC 7638 thumbprint: looks like B2C's own key ids.
  const thumbprint = createHash('sha256').update(JSON.stringify({ e, kty: 'RSA', n }));
  const kid = thumbprint.digest('base64url');
  const jwk = { kid, nbf: Math.floor(now / 1000), use: 'sig', kty: 'RSA', e, n } as const;
  return { kid, privateKey, publicKey, jwk };
}

/** Costs a few hundred milliseconds: tests that start many emulators may share one pair of rings. */
export async function generateSigningKeys(now = Date.now()): Promise<SigningKeys> {
  const [userFlows, customPolicies] = await Promise.all([
    generateSigningKey(now),
    generateSigningKey(now),
  ]);
  return { userFlows: [userFlows], customPolicies: [customPolicies] };
}

/** New keys sign from now on; the old ones stay published or not. */
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
