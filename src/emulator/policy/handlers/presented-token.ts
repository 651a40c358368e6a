import type { ClaimValue } from '../claims-bag.ts';
import { partnerName } from '../profile-claims.ts';
import type { Exchange, Outputs } from '../run.ts';

/** `Protocol None` in a refresh or userinfo journey: the claims of the token that was presented. */
export function presentedToken({ profile, run: { presented } }: Exchange): Outputs {
  const outputs = new Map<string, ClaimValue>();
  for (const reference of profile.outputClaims) {
    const name = partnerName(reference, profile);
    const value = presented?.get(name) ?? presented?.get(reference.claimType.id.toLowerCase());
    if (value !== undefined) outputs.set(name, value);
  }
  return outputs;
}
