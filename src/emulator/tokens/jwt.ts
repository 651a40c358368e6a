import { createHmac, sign, verify } from 'node:crypto';
import type { SigningKey } from '../state/signing-keys.ts';

export type Claims = Record<string, unknown>;

/** A JWT before it is signed. Faults can change it. */
export interface JwtDraft {
  header: Record<string, unknown>;
  claims: Claims;
  sign(input: string): Buffer;
}

export function draftJwt(claims: Claims, key: SigningKey): JwtDraft {
  return {
    header: { typ: 'JWT', alg: 'RS256', kid: key.kid },
    claims,
    sign: (input) => rs256(input, key),
  };
}

export function encodeJwt({ header, claims, sign: signInput }: JwtDraft): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`;
  return `${input}.${signInput(input).toString('base64url')}`;
}

export function rs256(input: string, key: SigningKey): Buffer {
  return sign('sha256', Buffer.from(input), key.privateKey);
}

export function hs256(input: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(input).digest();
}

export function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export type PublicKey = Pick<SigningKey, 'kid' | 'publicKey'>;

/** The claims if one of `keys` signed the token. Does not check times. */
export function readSignedClaims(token: string, keys: readonly PublicKey[]): Claims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const kid = parseJson(header)?.['kid'];
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) return undefined;
  const input = Buffer.from(`${header}.${payload}`);
  const isValid = verify('sha256', input, key.publicKey, Buffer.from(signature, 'base64url'));
  return isValid ? parseJson(payload) : undefined;
}

/** Parses the base64url encoding of a JSON object; `undefined` for anything else. */
export function parseJson(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}
