import { isDeepStrictEqual } from 'node:util';
import { type CheckedClaims, TOKEN_CLAIMS, type User, userFromClaims } from './claims.ts';

// A session's claims come from two sources: the policy that signed the user in, whose refreshed tokens
// replace them, and policies that ran later, such as profile editing, whose claims are laid over them.
// B2C's user flows repeat the values of the sign-in in refreshed tokens, custom policies can read them
// again. So a laid-over claim stays as long as the sign-in policy repeats its value. A change at the
// sign-in policy takes effect, unless its token is older than the laid-over claim.

/** The claims of a session that another policy has set. */
export type ClaimOverlay = Readonly<Record<string, OverlaidClaim>>;

interface OverlaidClaim {
  /** `iat` of the token that set the claim, epoch seconds. */
  issuedAt: number;
  /** The value in the newest token of the sign-in policy; `undefined` if the claim is not in there. */
  signInValue?: unknown;
}

/** The claims of a session, and which of them another policy has set. */
export interface SessionClaims {
  user: User;
  claimOverlay: ClaimOverlay;
}

// They describe the sign-in. A refreshed token does not authenticate the user again (Core 12.2).
const SIGN_IN_CLAIMS = ['auth_time', 'nonce', 'sid'];

/** Lays the claims of another policy's token over those of the session. */
export function mergeClaims({ user, claimOverlay }: SessionClaims, newer: User): SessionClaims {
  const issuedAt = Number(newer.claims['iat']);
  const claims = withoutPrototype(user.claims) as CheckedClaims;
  const overlay = withoutPrototype(claimOverlay) as Record<string, OverlaidClaim>;
  for (const [name, value] of Object.entries(newer.claims)) {
    const previous = overlay[name];
    if (TOKEN_CLAIMS.has(name) || (previous && previous.issuedAt > issuedAt)) continue;
    const signInValue = previous ? previous.signInValue : claims[name];
    claims[name] = value;
    if (isDeepStrictEqual(value, signInValue)) delete overlay[name];
    else overlay[name] = { issuedAt, signInValue };
  }
  return { user: userFromClaims(claims), claimOverlay: overlay };
}

/**
 * Replaces the claims of the sign-in policy with those of a refreshed token: changed claims change, and
 * missing claims are removed. Returns the session's claims unchanged if the token is older than they are.
 */
export function refreshClaims(
  { user, claimOverlay }: SessionClaims,
  refreshed: CheckedClaims,
): SessionClaims {
  const issuedAt = Number(refreshed['iat']);
  if (issuedAt < Number(user.claims['iat'])) return { user, claimOverlay };
  const claims = withoutPrototype(refreshed) as CheckedClaims;
  const overlay = withoutPrototype({}) as Record<string, OverlaidClaim>;
  for (const [name, overlaid] of Object.entries(claimOverlay)) {
    const signInValue = claims[name];
    const hasChanged = !isDeepStrictEqual(signInValue, overlaid.signInValue);
    if (hasChanged && issuedAt >= overlaid.issuedAt) continue;
    claims[name] = user.claims[name];
    overlay[name] = { issuedAt: overlaid.issuedAt, signInValue };
  }
  for (const name of SIGN_IN_CLAIMS) {
    if (Object.hasOwn(user.claims, name)) claims[name] = user.claims[name];
    else delete claims[name];
  }
  return { user: userFromClaims(claims), claimOverlay: overlay };
}

// The name of a claim can be "__proto__" or "constructor".
const withoutPrototype = (members: object): Record<string, unknown> =>
  Object.assign(Object.create(null), members);
