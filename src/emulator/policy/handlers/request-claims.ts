/** Handlers whose outputs come from the request that started the journey. */
import type { ClaimValue } from '../claims-bag.ts';
import { partnerName } from '../profile-claims.ts';
import { resolve } from '../resolvers.ts';
import type { Exchange, Outputs } from '../run.ts';
import type { ClaimReference, TechnicalProfile } from '../technical-profile.ts';

/** The output claims that have a value, by partner name. */
function outputsBy(
  profile: TechnicalProfile,
  find: (name: string, reference: ClaimReference) => ClaimValue | undefined,
): Outputs {
  const outputs = new Map<string, ClaimValue>();
  for (const reference of profile.outputClaims) {
    const name = partnerName(reference, profile);
    const value = find(name, reference);
    if (value !== undefined) outputs.set(name, value);
  }
  return outputs;
}

/** `UserJourneyContextProvider`: facts about the request, such as `IP-Address` and `CorrelationId`. */
export const journeyContext = ({ profile, run, bag }: Exchange): Outputs =>
  outputsBy(profile, (name) => {
    const resolver = `{Context:${name.replace(/[^a-z\d]/g, '')}}`;
    const value = resolve(resolver, { run, bag });
    return value === resolver ? undefined : value;
  });

/** `Protocol None` in a refresh or userinfo journey: the claims of the token that was presented. */
export const presentedToken = ({ profile, run: { presented } }: Exchange): Outputs =>
  outputsBy(
    profile,
    (name, { claimType }) => presented?.get(name) ?? presented?.get(claimType.id.toLowerCase()),
  );
