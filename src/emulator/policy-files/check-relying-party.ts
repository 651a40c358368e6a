import type { Policy } from '../policy/policy.ts';
import { partnerName } from './check-profiles.ts';
import type { PolicyFile } from './policy-file.ts';
import type { Report } from './rules.ts';
import { attributeOf, attributeValue, childOf, type XmlElement } from './xml-element.ts';

/** Checks what a relying party says itself. */
export function checkRelyingParty(file: PolicyFile, report: Report): void {
  const { relyingParty } = file;
  if (!relyingParty) return;
  for (const name of ['DefaultUserJourney', 'TechnicalProfile']) {
    if (childOf(relyingParty, name)) continue;
    report('relying-party-incomplete', relyingParty, `RelyingParty has no ${name}`);
  }
  const profile = childOf(relyingParty, 'TechnicalProfile');
  if (profile) checkPolicyProfile(profile, report);
  checkBehaviors(childOf(relyingParty, 'UserJourneyBehaviors'), report);
}

function checkPolicyProfile(profile: XmlElement, report: Report): void {
  const id = attributeOf(profile, 'Id');
  if (id && id.value !== 'PolicyProfile') {
    report(
      'relying-party-profile',
      id,
      `The profile of the relying party has the id "${id.value}"`,
    );
  }
  const protocol = childOf(profile, 'Protocol');
  const name = protocol && attributeValue(protocol, 'Name');
  if (name !== 'OpenIdConnect' && name !== 'SAML2') {
    const what = `The protocol of the relying party is ${name ?? 'missing'}`;
    report('relying-party-protocol', protocol ?? profile, what);
  }
}

function checkBehaviors(behaviors: XmlElement | undefined, report: Report): void {
  const expiry = childOf(behaviors, 'SessionExpiryInSeconds');
  if (expiry && !isWithin(expiry.text, 900, 86_400)) {
    const what = `SessionExpiryInSeconds is ${expiry.text} and has to be from 900 to 86400`;
    report('value-range', expiry, what);
  }
  const singleSignOn = childOf(behaviors, 'SingleSignOn');
  const days = singleSignOn && attributeOf(singleSignOn, 'KeepAliveInDays');
  if (days && !isWithin(days.value, 0, 90)) {
    report('value-range', days, `KeepAliveInDays is ${days.value} and has to be from 0 to 90`);
  }
}

const isWithin = (text: string, least: number, most: number) =>
  Number(text) >= least && Number(text) <= most;

/** Checks the claims of the token, and what only the whole policy shows. */
export function checkToken({ relyingParty }: Policy, report: Report): void {
  const { profile } = relyingParty;
  const taken = new Map<string, string>();
  for (const claim of profile.outputClaims) {
    const { id } = claim.claimType;
    const name =
      claim.partnerClaimType ?? claim.claimType.partnerClaimTypes.get('OpenIdConnect') ?? id;
    const first = taken.get(name.toLowerCase());
    if (first === undefined) taken.set(name.toLowerCase(), id);
    else
      report('token-claim-twice', claim, `"${first}" and "${id}" are both "${name}" in the token`);
  }
  const subject = profile.subjectNamingInfo;
  if (!subject) report('subject-missing', profile, 'The relying party has no SubjectNamingInfo');
  else if (!profile.outputClaims.some((claim) => isNamed(claim, subject.value))) {
    report('subject-unknown', subject, `No output claim has the partner name "${subject.value}"`);
  }
}

function isNamed(
  claim: Policy['relyingParty']['profile']['outputClaims'][number],
  name: string,
): boolean {
  const names = [
    partnerName(claim),
    claim.claimType.partnerClaimTypes.get('OpenIdConnect'),
    claim.claimType.id,
  ];
  return names.some((known) => known?.toLowerCase() === name.toLowerCase());
}

/** A page without `contract` in its `DataUri` runs no script, whatever the relying party allows. */
export function checkScripts(policy: Policy, report: Report): void {
  if (!policy.relyingParty.behaviors.allowsScript) return;
  for (const { id, dataUri } of policy.contentDefinitions.values()) {
    if (!dataUri || dataUri.value.hasContract || dataUri.value.page === '') continue;
    const what = `ScriptExecution is allowed, but the page layout of "${id}" runs no script`;
    report('script-without-contract', dataUri, what);
  }
}
