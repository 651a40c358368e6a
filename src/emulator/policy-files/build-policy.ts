import type { Policy, UserJourneyBehaviors } from '../policy/policy.ts';
import { setting } from '../policy/profile-claims.ts';
import { buildLocalization } from './build-content.ts';
import { buildTechnicalProfile } from './build-profiles.ts';
import type { Chain } from './chains.ts';
import { mergedPart } from './definitions.ts';
import type { ModelLookups } from './model-lookups.ts';
import { idOf, integerOf, isTrue, textsBy } from './model-parts.ts';
import { attributeValue, childOf, elementsAt, originOf, type XmlElement } from './xml-element.ts';

/** A day, the default and the most that a tenant allows. */
const SESSION_SECONDS = 86_400;

const ISSUER_JOURNEYS = ['RefreshTokenUserJourneyId', 'ClientCredentialsUserJourneyId'];

/**
 * The model of the policy at the end of a chain, or `undefined` when the chain has no relying party or
 * lacks a part that every policy needs; that has been reported.
 */
export function buildPolicy(chain: Chain, lookups: ModelLookups): Policy | undefined {
  const file = chain.at(-1);
  const relyingParty = mergedPart(chain, 'RelyingParty');
  if (!file?.relyingParty || !relyingParty) return undefined;
  const reference = childOf(relyingParty, 'DefaultUserJourney');
  const journey = lookups.userJourney(reference && attributeValue(reference, 'ReferenceId'));
  const profile = childOf(relyingParty, 'TechnicalProfile');
  if (!journey || !profile) return undefined;
  // No journey refers to the page of errors.
  lookups.contentDefinition('api.error');
  const endpoints = elementsAt(relyingParty, 'Endpoints', 'Endpoint').flatMap((endpoint) => {
    const userJourney = lookups.userJourney(attributeValue(endpoint, 'UserJourneyReferenceId'));
    return userJourney ? [{ ...originOf(endpoint), id: idOf(endpoint), userJourney }] : [];
  });
  // Settings of the token issuer name journeys that no step refers to.
  for (const issuer of lookups.built.technicalProfiles.values()) {
    for (const key of ISSUER_JOURNEYS) lookups.userJourney(setting(issuer, key));
  }
  return {
    ...originOf(file.root),
    id: file.id,
    tenantId: file.tenantId,
    isDevelopment: attributeValue(file.root, 'DeploymentMode') === 'Development',
    files: chain.map(({ path }) => path),
    relyingParty: {
      ...originOf(relyingParty),
      defaultUserJourney: journey,
      endpoints,
      profile: buildTechnicalProfile(profile, lookups),
      behaviors: buildBehaviors(childOf(relyingParty, 'UserJourneyBehaviors')),
    },
    localization: buildLocalization(mergedPart(chain, 'BuildingBlocks', 'Localization')),
    findClaimType: lookups.claimType,
    ...lookups.built,
  };
}

function buildBehaviors(element: XmlElement | undefined): UserJourneyBehaviors {
  const singleSignOn = childOf(element, 'SingleSignOn');
  const attribute = (name: string) => singleSignOn && attributeValue(singleSignOn, name);
  const framing = childOf(element, 'JourneyFraming');
  const isFramed = framing !== undefined && isTrue(attributeValue(framing, 'Enabled'));
  const parameters = textsBy(
    elementsAt(element, 'ContentDefinitionParameters', 'Parameter'),
    'Name',
  );
  return {
    singleSignOnScope: attribute('Scope'),
    keepAliveInDays: integerOf(attribute('KeepAliveInDays'), 0),
    enforceIdTokenHintOnLogout: isTrue(attribute('EnforceIdTokenHintOnLogout')),
    sessionExpiryType:
      childOf(element, 'SessionExpiryType')?.text === 'Absolute' ? 'Absolute' : 'Rolling',
    sessionExpirySeconds: integerOf(
      childOf(element, 'SessionExpiryInSeconds')?.text,
      SESSION_SECONDS,
    ),
    allowsScript: childOf(element, 'ScriptExecution')?.text === 'Allow',
    framingSources: isFramed ? attributeValue(framing, 'Sources') : undefined,
    contentDefinitionParameters: new Map([...parameters].map(([name, { value }]) => [name, value])),
  };
}
