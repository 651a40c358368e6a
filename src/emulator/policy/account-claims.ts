/** The token of an account without a journey, for scripted sign-ins. */
import type { Account } from '../state/accounts.ts';
import { convertClaim } from './claim-text.ts';
import { type ClaimValue, writeClaim } from './claims-bag.ts';
import { readAttributeOf } from './directory-attributes.ts';
import type { JourneyRun } from './run.ts';
import { relyingPartyClaims } from './send-claims.ts';

/** Fills the claims of the relying party from the attributes of their names, and names them as it does. */
export function accountClaims(run: JourneyRun, account: Account): Record<string, ClaimValue> {
  const { profile } = run.policy.relyingParty;
  for (const { claimType } of profile.outputClaims) {
    const id = claimType.id.toLowerCase();
    const value = FROM_ACCOUNT[id]?.(account) ?? readAttributeOf(account, id, run.tenant);
    writeClaim(run.bag, claimType, convertClaim(claimType, value));
  }
  return relyingPartyClaims(run);
}

/** Claims that published policies name differently from the directory, by ID in lower case. */
const FROM_ACCOUNT: Readonly<Record<string, (account: Account) => string | undefined>> = {
  email: ({ email }) => email || undefined,
  signinname: ({ userName, email }) => userName ?? (email || undefined),
  identityprovider: ({ identityProvider }) => identityProvider,
};
