/** The checks of a token request before a grant is redeemed. */
import { createHash } from 'node:crypto';
import type { Policy } from '../definition/policy.ts';
import type { CodeChallenge, Grant } from '../state/grants.ts';
import { B2cError } from './b2c-error.ts';

export function requireParameter(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (!value) throw new B2cError('AADB2C90083', { name });
  return value;
}

/** A grant is valid only at the policy and for the client that it was issued to. */
export function requireOwnGrant(
  { policy, clientId }: Grant,
  requested: { policy: Policy; clientId: string },
): void {
  if (clientId !== requested.clientId) {
    throw new B2cError('AADB2C90279', { clientId: requested.clientId });
  }
  // A custom policy is another object after a change of its files.
  if (policy.name !== requested.policy.name) {
    throw new B2cError('AADB2C90088', { actual: requested.policy.name, expected: policy.name });
  }
}

export function requireNotExpired(issuedAt: number, lifetimeMs: number, now: number): void {
  if (now < issuedAt + lifetimeMs) return;
  const seconds = (time: number) => Math.floor(time / 1000);
  const times = { now: seconds(now), issued: seconds(issuedAt) };
  throw new B2cError('AADB2C90080', { ...times, expires: seconds(issuedAt + lifetimeMs) });
}

// RFC 7636, 4.1
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export function requireCodeVerifier(
  challenge: CodeChallenge | undefined,
  verifier: string | undefined,
): void {
  if (!challenge) return;
  if (!verifier || !CODE_VERIFIER.test(verifier)) throw new B2cError('AADB2C90183');
  const computed =
    challenge.method === 'plain'
      ? verifier
      : createHash('sha256').update(verifier).digest('base64url');
  if (computed !== challenge.value) throw new B2cError('AADB2C90182');
}
