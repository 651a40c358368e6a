/** Input and output claims of a technical profile: names at the other party, default values. */
import { convertClaim, parseClaimText } from './claim-text.ts';
import { type ClaimValue, readClaim, writeClaim } from './claims-bag.ts';
import { ClaimsError } from './claims-error.ts';
import { resolve } from './resolvers.ts';
import type { Outputs, ProfileVisit } from './run.ts';
import type { ClaimReference, TechnicalProfile } from './technical-profile.ts';

type ProfileScope = Pick<ProfileVisit, 'run' | 'bag' | 'profile'>;

/** The name of a claim at the other party. */
export function exactPartnerName(
  { partnerClaimType, claimType }: ClaimReference,
  { protocol }: Pick<TechnicalProfile, 'protocol'>,
): string {
  return partnerClaimType ?? claimType.partnerClaimTypes.get(protocol?.value ?? '') ?? claimType.id;
}

/** In lower case: B2C compares these names without case. */
export const partnerName = (
  reference: ClaimReference,
  profile: Pick<TechnicalProfile, 'protocol'>,
): string => exactPartnerName(reference, profile).toLowerCase();

/**
 * Input claims by partner name. A default value stands for a claim that the bag has not.
 * @throws ClaimsError if a required claim has no value, and no other claim gives one under its partner name
 */
export function readInputs(
  scope: ProfileScope,
  references: readonly ClaimReference[] = scope.profile.inputClaims,
): Map<string, ClaimValue> {
  const { profile } = scope;
  const inputs = new Map<string, ClaimValue>();
  for (const reference of references) {
    const value = readReference(scope, reference);
    if (value !== undefined) inputs.set(partnerName(reference, profile), value);
  }
  const missing = references.find(
    (reference) => reference.isRequired && !inputs.has(partnerName(reference, profile)),
  );
  if (!missing) return inputs;
  const detail = `${profile.id} needs the claim ${missing.claimType.id}, which has no value`;
  throw new ClaimsError('InputClaimMissing', detail);
}

/** Creates claims from the default values of input claims, so that transformations of the profile see them. */
export function createInputClaims(scope: ProfileScope): void {
  for (const reference of scope.profile.inputClaims) {
    const value = readReference(scope, reference);
    if (value !== undefined) writeClaim(scope.bag, reference.claimType, value);
  }
}

/** The value of a claim, or its default value. */
export function readReference(
  scope: ProfileScope,
  reference: ClaimReference,
): ClaimValue | undefined {
  const { claimType, alwaysUseDefaultValue } = reference;
  const known = alwaysUseDefaultValue ? undefined : readClaim(scope.bag, claimType);
  return known ?? defaultValue(scope, reference);
}

/** Puts the output claims into the bag. A default value is used only if the claim has never been set. */
export function writeOutputs(scope: ProfileScope, outputs: Outputs): void {
  const { profile } = scope;
  for (const reference of profile.outputClaims) {
    const { claimType, alwaysUseDefaultValue } = reference;
    const given = convertClaim(claimType, outputs.get(partnerName(reference, profile)));
    const isKnown = given !== undefined || readClaim(scope.bag, claimType) !== undefined;
    const isDefault = alwaysUseDefaultValue || !isKnown;
    const value = (isDefault ? defaultValue(scope, reference) : undefined) ?? given;
    if (value !== undefined) writeClaim(scope.bag, claimType, value);
  }
}

/** Claim resolvers in a default value need `IncludeClaimResolvingInClaimsHandling`, except in a relying party. */
function defaultValue(
  { run, bag, profile }: ProfileScope,
  { claimType, defaultValue: text, alwaysUseDefaultValue }: ClaimReference,
): ClaimValue | undefined {
  if (text === undefined) return undefined;
  const isRelyingParty = profile === run.policy.relyingParty.profile;
  const resolves =
    alwaysUseDefaultValue &&
    (isRelyingParty || isTrueSetting(profile, 'IncludeClaimResolvingInClaimsHandling'));
  return parseClaimText(claimType, resolves ? resolve(text, { run, bag }) : text);
}

/** The value of a metadata item; names of items are compared without case. */
export function setting({ metadata }: TechnicalProfile, key: string): string | undefined {
  const exact = metadata.get(key)?.value;
  if (exact !== undefined) return exact;
  const wanted = key.toLowerCase();
  for (const [name, { value }] of metadata) if (name.toLowerCase() === wanted) return value;
  return undefined;
}

/** Published policies write `True`, `true` and `1`. */
export const isTrueSetting = (
  profile: TechnicalProfile,
  key: string,
  standard = false,
): boolean => {
  const value = setting(profile, key)?.trim().toLowerCase();
  return value === undefined ? standard : value === 'true' || value === '1';
};

export const providerName = (profile: TechnicalProfile): string =>
  setting(profile, 'ProviderName') ?? profile.displayName?.value ?? profile.id;
