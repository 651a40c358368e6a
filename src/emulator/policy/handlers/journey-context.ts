/** `UserJourneyContextProvider`: facts about the request, such as `IP-Address` and `CorrelationId`. */
import type { ClaimValue } from '../claims-bag.ts';
import { partnerName } from '../profile-claims.ts';
import { resolve } from '../resolvers.ts';
import type { Exchange, Outputs } from '../run.ts';

export function journeyContext({ profile, run, bag }: Exchange): Outputs {
  const outputs = new Map<string, ClaimValue>();
  for (const reference of profile.outputClaims) {
    const name = partnerName(reference, profile);
    const resolver = `{Context:${name.replace(/[^a-z\d]/g, '')}}`;
    const value = resolve(resolver, { run, bag });
    if (value !== resolver) outputs.set(name, value);
  }
  return outputs;
}
