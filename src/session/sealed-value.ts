import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './signed-cookie.ts';

/** Encrypts (seals) values that only a holder of the secrets can read or create. */
export interface Sealer {
  /** The value can be opened only with the same `context`, which is authenticated with it. */
  seal(value: unknown, context: string): string;
  open(sealed: string, context: string): unknown;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12; // NIST SP 800-38D, 8.2.2: random and 96 bits
const TAG_BYTES = 16;

/**
 * Seals JSON values as base64url strings with the first secret, and opens them with any of the secrets.
 * `open` returns `undefined` for a value that was not sealed with this purpose and context.
 */
export function createSealer(secrets: readonly string[], purpose: string): Sealer {
  const keys = secrets.map((secret) => deriveKey(secret, `seal: ${purpose}`));
  const [sealingKey] = keys;
  if (!sealingKey) throw new RangeError('a sealer needs at least one secret');
  return {
    seal(value, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, sealingKey, iv).setAAD(Buffer.from(context));
      const parts = [iv, cipher.update(JSON.stringify(value), 'utf8'), cipher.final()];
      return Buffer.concat([...parts, cipher.getAuthTag()]).toString('base64url');
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
      for (const key of keys) {
        const text = decrypt(bytes, key, context);
        if (text !== undefined) return JSON.parse(text);
      }
      return undefined;
    },
  };
}

function decrypt(bytes: Buffer, key: Buffer, context: string): string | undefined {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const body = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([body, decipher.final()]).toString('utf8');
  } catch {
    return undefined; // not sealed with this key, or modified
  }
}
