/** `SendClaims`: the claims of the token, of a userinfo answer, or the error of an `OAuth2Error` issuer. */
import { claimText } from './claim-text.ts';
import type { ClaimValue } from './claims-bag.ts';
import { JourneyError } from './claims-error.ts';
import type { Outcome } from './outcome.ts';
import { readReference } from './profile-claims.ts';
import type { JourneyRun, ProfileVisit } from './run.ts';
import { prepareProfile } from './run-profile.ts';
import type { ClaimReference, TechnicalProfile } from './technical-profile.ts';
import { maskClaims } from './trace-profile.ts';

/** @throws JourneyError */
export function issueClaims(visit: ProfileVisit): Outcome {
  const { run, profile: issuer, trace } = visit;
  const inputs = prepareProfile(visit);
  if (issuer.handler === 'oauth2-error') {
    const text = (name: string) => claimText(inputs.get(name.toLowerCase()) ?? '');
    const [code, message] = [text('errorCode'), text('errorMessage')];
    return { kind: 'error', code: `AAD_Custom_${code}`, error: 'access_denied', message };
  }
  if (issuer.handler === 'json-issuer') {
    return { kind: 'json', claims: namedClaims(visit, issuer.inputClaims) };
  }
  if (issuer.handler !== 'jwt-issuer') {
    throw new JourneyError(`The emulator cannot issue the token of ${issuer.id}.`);
  }
  const claims = relyingPartyClaims(run);
  trace.outputs = maskClaims(Object.entries(claims));
  const objectId = run.bag.get('objectid');
  return {
    ...{ kind: 'token', issuer, claims, keep: run.sso.isKept },
    objectId: typeof objectId === 'string' ? objectId : undefined,
  };
}

/** The claims of the token, from the bag and the default values of the relying party. */
export function relyingPartyClaims(run: JourneyRun): Record<string, ClaimValue> {
  const { profile } = run.policy.relyingParty;
  return withSubject(profile, namedClaims({ run, bag: run.bag, profile }, profile.outputClaims));
}

/** Claims with a value, by the names that the relying party gives them. */
function namedClaims(
  scope: Parameters<typeof readReference>[0],
  references: readonly ClaimReference[],
): Record<string, ClaimValue> {
  const claims: Record<string, ClaimValue> = {};
  for (const reference of references) {
    const value = readReference(scope, reference);
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
