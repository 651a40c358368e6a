import {
  createPrivateKey,
  type JsonWebKeyInput,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';

/** The key that signs client assertions (`client.authMethod` `private_key_jwt`). */
export interface ClientKey {
  privateKey: KeyObject;
  /** The algorithms (RFC 7518) that the key can sign with. */
  algorithms: readonly string[];
  /** The `kid` of a JWK. */
  keyId?: string | undefined;
}

const MIN_MODULUS_BITS = 2048;

const CURVE_ALGORITHM: Record<string, string | undefined> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

const NOT_A_KEY = 'must be a private key: PEM (PKCS #8, without a passphrase) or a JWK';

/** Parses a private key in PEM or JWK. Returns the problem of an unusable key as text. */
export function parseClientKey(text: string): ClientKey | string {
  const jwk = text.trimStart().startsWith('{') ? parseJwk(text) : undefined;
  if (/^-+BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return 'is encrypted with a passphrase; write it without one: openssl pkey -in FILE -out NEW_FILE';
  }
  try {
    const input = jwk ? ({ key: jwk, format: 'jwk' } as JsonWebKeyInput) : text;
    return describeKey(createPrivateKey(input), jwk);
  } catch {
    // The message of the error can quote the key.
    return NOT_A_KEY;
  }
}

function describeKey(privateKey: KeyObject, jwk: JwkMembers | undefined): ClientKey | string {
  if (jwk?.use !== undefined && jwk.use !== 'sig') return 'is a JWK that is not for signatures';
  const possible = algorithmsOf(privateKey);
  if (typeof possible === 'string') return possible;
  const algorithms = possible.filter((name) => jwk?.alg === undefined || name === jwk.alg);
  if (algorithms.length === 0) return `is a JWK whose "alg" is not ${possible.join(' or ')}`;
  return { privateKey, algorithms, keyId: typeof jwk?.kid === 'string' ? jwk.kid : undefined };
}

function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string[] | string {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa') {
    return modulusLength >= MIN_MODULUS_BITS
      ? ['RS256', 'PS256']
      : `is an RSA key of ${modulusLength} bits; it must have ${MIN_MODULUS_BITS} or more`;
  }
  const algorithm = asymmetricKeyType === 'ec' ? CURVE_ALGORITHM[namedCurve] : undefined;
  return algorithm
    ? [algorithm]
    : 'must be an RSA key, or an EC key of curve P-256, P-384 or P-521';
}

interface JwkMembers {
  use?: unknown;
  alg?: unknown;
  kid?: unknown;
}

function parseJwk(text: string): JwkMembers | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses a certificate in PEM; returns `undefined` for any other text. */
export function parseCertificate(text: string): X509Certificate | undefined {
  try {
    return text.includes('-----BEGIN CERTIFICATE-----') ? new X509Certificate(text) : undefined;
  } catch {
    return undefined;
  }
}
