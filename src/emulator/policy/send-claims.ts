/** `SendClaims`: the claims of the token, of a userinfo answer, or the error of an `OAuth2Error` issuer. */
import { claimText } from './claim-text.ts';
import { type ClaimValue, readClaim } from './claims-bag.ts';
import { JourneyError } from './claims-error.ts';
import type { Outcome } from './outcome.ts';
import { defaultValue } from './profile-claims.ts';
import type { JourneyRun, Scope } from './run.ts';
import { prepareProfile } from './run-profile.ts';
import type { ClaimReference, TechnicalProfile } from './technical-profile.ts';
import type { ProfileTrace } from './trace.ts';
import { maskClaims } from './trace-profile.ts';

export function issueClaims(
  run: JourneyRun,
  issuer: TechnicalProfile,
  trace: ProfileTrace,
): Outcome {
  const scope: Scope = { run, bag: run.bag, messages: issuer };
  const inputs = prepareProfile(scope, issuer, trace);
  if (issuer.handler === 'oauth2-error') {
    const text = (name: string) => claimText(inputs.get(name.toLowerCase()) ?? '');
    const [code, message] = [text('errorCode'), text('errorMessage')];
    return { kind: 'error', code: `AAD_Custom_${code}`, error: 'access_denied', message };
  }
  if (issuer.handler === 'json-issuer') {
    const claims = namedClaims(scope, issuer, issuer.inputClaims);
    return { kind: 'json', claims };
  }
  if (issuer.handler !== 'jwt-issuer') {
    throw new JourneyError(`The local tenant cannot issue the token of ${issuer.id}.`);
  }
  const claims = relyingPartyClaims(scope);
  trace.outputs = maskClaims(Object.entries(claims));
  const objectId = run.bag.get('objectid');
  return {
    ...{ kind: 'token', issuer, keep: run.sso.isKept },
    claims,
    objectId: typeof objectId === 'string' ? objectId : undefined,
  };
}

/** The claims of the token, from the bag and the default values of the relying party. */
export function relyingPartyClaims(scope: Scope): Record<string, ClaimValue> {
  const { profile } = scope.run.policy.relyingParty;
  return withSubject(profile, namedClaims(scope, profile, profile.outputClaims));
}

/** Claims with a value, by the names that the relying party gives them. */
function namedClaims(
  scope: Scope,
  profile: TechnicalProfile,
  references: readonly ClaimReference[],
): Record<string, ClaimValue> {
  const claims: Record<string, ClaimValue> = {};
  for (const reference of references) {
    const { claimType, alwaysUseDefaultValue } = reference;
    const known = alwaysUseDefaultValue ? undefined : readClaim(scope.bag, claimType);
    const value = known ?? defaultValue(scope, profile, reference);
    if (value !== undefined) claims[tokenName(reference)] = tokenValue(reference, value);
  }
  return claims;
}

/** The name of an output claim in the token. */
export const tokenName = ({ claimType, partnerClaimType }: ClaimReference): string =>
  partnerClaimType ?? claimType.partnerClaimTypes.get('OpenIdConnect') ?? claimType.id;

/** A `dateTime` is Unix time in a token. */
const tokenValue = ({ claimType }: ClaimReference, value: ClaimValue): ClaimValue =>
  claimType.dataType?.value === 'dateTime' && typeof value === 'string'
    ? Math.floor(Date.parse(value) / 1000)
    : value;

/** `SubjectNamingInfo` names the claim of the token that becomes `sub`. */
function withSubject(
  { subjectNamingInfo }: TechnicalProfile,
  claims: Record<string, ClaimValue>,
): Record<string, ClaimValue> {
  const name = subjectNamingInfo?.value ?? 'sub';
  const subject = Object.entries(claims).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return subject ? { ...claims, sub: subject[1] } : claims;
}
