import type { Policy } from '../policy/policy.ts';
import type { ClaimReference } from '../policy/technical-profile.ts';
import { isAmong } from './is-among.ts';
import type { Report } from './rules.ts';
import { attributeOf, childOf, sourcedAt, valueAt, type XmlElement } from './xml-element.ts';

/** The numbers that a setting of the behaviors may have. */
const RANGES = [
  ['SessionExpiryInSeconds', 'SessionExpiryInSeconds', 900, 86_400],
  ['SingleSignOn/@KeepAliveInDays', 'KeepAliveInDays', 0, 90],
] as const;

/** Checks what a relying party says itself. */
export function checkRelyingParty(relyingParty: XmlElement, report: Report): void {
  for (const name of ['DefaultUserJourney', 'TechnicalProfile']) {
    if (!childOf(relyingParty, name)) report('relying-party-incomplete', relyingParty, { name });
  }
  const profile = childOf(relyingParty, 'TechnicalProfile');
  if (profile) checkPolicyProfile(profile, report);
  const behaviors = childOf(relyingParty, 'UserJourneyBehaviors');
  for (const [path, name, least, most] of RANGES) {
    const found = sourcedAt(behaviors, path);
    if (!found || (Number(found.value) >= least && Number(found.value) <= most)) continue;
    report('value-range', found, { name, value: found.value, least, most });
  }
}

function checkPolicyProfile(profile: XmlElement, report: Report): void {
  const id = attributeOf(profile, 'Id');
  if (id && id.value !== 'PolicyProfile') report('relying-party-profile', id, { id: id.value });
  const name = valueAt(profile, 'Protocol/@Name') ?? 'missing';
  if (name === 'OpenIdConnect' || name === 'SAML2') return;
  report('relying-party-protocol', childOf(profile, 'Protocol') ?? profile, { name });
}

/** Checks the claims of the token, and what only the whole policy shows. */
export function checkToken({ relyingParty }: Policy, report: Report): void {
  const { profile } = relyingParty;
  const taken = new Map<string, string>();
  for (const claim of profile.outputClaims) {
    const { id } = claim.claimType;
    const name = claim.partnerClaimType ?? tokenName(claim) ?? id;
    const first = taken.get(name.toLowerCase());
    if (first === undefined) taken.set(name.toLowerCase(), id);
    else report('token-claim-twice', claim, { first, id, name });
  }
  const subject = profile.subjectNamingInfo;
  if (!subject) report('subject-missing', profile, {});
  else if (!profile.outputClaims.some((claim) => isAmong(namesOf(claim), subject.value))) {
    report('subject-unknown', subject, { name: subject.value });
  }
}

const tokenName = ({ claimType }: ClaimReference) =>
  claimType.partnerClaimTypes.get('OpenIdConnect');

const namesOf = (claim: ClaimReference): string[] =>
  [claim.partnerClaimType, tokenName(claim), claim.claimType.id].flatMap((name) => name ?? []);
