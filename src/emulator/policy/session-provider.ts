/** Session providers: claims that a browser's SSO session keeps, and the profiles that it lets skip. */

import { parseClaimText } from './claim-text.ts';
import { type ClaimsBag, type ClaimValue, readClaim, writeClaim } from './claims-bag.ts';
import type { JourneyRun } from './run.ts';
import type { TechnicalProfile } from './technical-profile.ts';
import type { ProfileTrace } from './trace.ts';

const keepsClaims = ({ handler }: TechnicalProfile): boolean =>
  handler === 'session-default' || handler === 'session-external-login';

/** Claims that the SSO session has for a profile: at least one of them is an output of the profile. */
export function sessionClaims(
  { sso }: Pick<JourneyRun, 'sso'>,
  profile: TechnicalProfile,
): ReadonlyMap<string, ClaimValue> | undefined {
  const { sessionProvider } = profile;
  if (!sessionProvider || !keepsClaims(sessionProvider)) return undefined;
  const restored = sso.restored.get(sessionProvider.id.toLowerCase());
  return outputsOf(profile).some((id) => restored?.has(id)) ? restored : undefined;
}

/** IDs of all claims that a profile puts out, also by its transformations: `alternativeSecurityId` is made by one. */
const outputsOf = ({ outputClaims, outputClaimsTransformations }: TechnicalProfile): string[] =>
  [
    ...outputClaims,
    ...outputClaimsTransformations.flatMap((transformation) => transformation.outputClaims),
  ].map(({ claimType }) => claimType.id.toLowerCase());

/** Puts the claims of the SSO session into the bag. False if the session has nothing for the profile, which then runs. */
export function restoreSession(
  run: JourneyRun,
  profile: TechnicalProfile,
  trace: Pick<ProfileTrace, 'session'>,
): boolean {
  const { sessionProvider } = profile;
  const claims = sessionClaims(run, profile);
  if (!sessionProvider) return false;
  const decision = claims
    ? `skipped: the SSO session has ${[...claims.keys()].join(', ')}`
    : 'runs';
  trace.session = { profile: sessionProvider.id, decision };
  if (!claims) return false;
  for (const [id, value] of claims) run.bag.set(id, value);
  for (const { claimType, defaultValue, alwaysUseDefaultValue } of sessionProvider.outputClaims) {
    const isSet = readClaim(run.bag, claimType) !== undefined && !alwaysUseDefaultValue;
    if (!isSet) writeClaim(run.bag, claimType, parseClaimText(claimType, defaultValue ?? ''));
  }
  return true;
}

/** Keeps the persisted claims that the profile has put out, for the next journeys of this browser. */
export function storeSession(
  { sso }: Pick<JourneyRun, 'sso'>,
  profile: TechnicalProfile,
  bag: ClaimsBag,
): void {
  const { sessionProvider } = profile;
  if (!sessionProvider || !keepsClaims(sessionProvider)) return;
  const id = sessionProvider.id.toLowerCase();
  const stored = sso.stored.get(id) ?? new Map<string, ClaimValue>();
  const outputs = outputsOf(profile);
  for (const { claimType } of sessionProvider.persistedClaims) {
    const value = readClaim(bag, claimType);
    const key = claimType.id.toLowerCase();
    if (outputs.includes(key) && value !== undefined) stored.set(key, value);
  }
  if (stored.size > 0) sso.stored.set(id, stored);
}
