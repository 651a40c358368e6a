import type { Policy, RelyingParty, UserJourneyBehaviors } from '../policy/policy.ts';
import { setting } from '../policy/profile-claims.ts';
import type { Chain } from './chains.ts';
import { readLocalization } from './claim-models.ts';
import type { Lookups } from './create-lookups.ts';
import { mergedPart } from './definitions.ts';
import { technicalProfile } from './journey-models.ts';
import type { Read } from './read-model.ts';
import * as read from './read-model.ts';
import { childOf, originOf, valueAt } from './xml-element.ts';

/** A day, the default and the most that a tenant allows. */
const SESSION_SECONDS = 86_400;

const ISSUER_JOURNEYS = ['RefreshTokenUserJourneyId', 'ClientCredentialsUserJourneyId'];

/**
 * The model of the policy at the end of a chain, or `undefined` when the chain has no relying party or
 * lacks a part that every policy needs; that has been reported.
 */
export function buildPolicy(chain: Chain, { findModel, built }: Lookups): Policy | undefined {
  const file = chain.at(-1);
  const relyingParty = mergedPart(chain, 'RelyingParty');
  if (!file?.relyingParty || !relyingParty) return undefined;
  const journeyId = valueAt(relyingParty, 'DefaultUserJourney/@ReferenceId');
  const defaultUserJourney = findModel('UserJourney', journeyId);
  const profile = childOf(relyingParty, 'TechnicalProfile');
  if (!defaultUserJourney || !profile) return undefined;
  // No journey refers to the page of errors.
  findModel('ContentDefinition', 'api.error');
  const relyingPartyModel: Policy['relyingParty'] = {
    ...originOf(relyingParty),
    defaultUserJourney,
    endpoints: endpoints(relyingParty, findModel),
    profile: technicalProfile(profile, findModel),
    behaviors: behaviors(relyingParty, findModel),
  };
  // Settings of the token issuer name journeys that no step refers to.
  for (const issuer of built.TechnicalProfile.values()) {
    for (const key of ISSUER_JOURNEYS) findModel('UserJourney', setting(issuer, key));
  }
  return {
    ...originOf(file.root),
    id: file.id,
    tenantId: file.tenantId,
    isDevelopment: valueAt(file.root, '@DeploymentMode') === 'Development',
    files: chain.map(({ path }) => path),
    relyingParty: relyingPartyModel,
    localization: readLocalization(mergedPart(chain, 'BuildingBlocks/Localization')),
    findClaimType: (name) => findModel('ClaimType', name),
    technicalProfiles: built.TechnicalProfile,
    contentDefinitions: built.ContentDefinition,
    userJourneys: built.UserJourney,
    subJourneys: built.SubJourney,
  };
}

const endpoints = read.list<RelyingParty['endpoints'][number]>(
  'Endpoints/Endpoint',
  read.linked(['userJourney'], {
    id: read.id,
    userJourney: read.reference('UserJourney', '@UserJourneyReferenceId'),
  }),
);

const isFramed = read.flag('UserJourneyBehaviors/JourneyFraming/@Enabled');

const behaviors: Read<UserJourneyBehaviors> = read.record({
  singleSignOnScope: read.value('UserJourneyBehaviors/SingleSignOn/@Scope'),
  keepAliveInDays: read.integer('UserJourneyBehaviors/SingleSignOn/@KeepAliveInDays', 0),
  enforceIdTokenHintOnLogout: read.flag(
    'UserJourneyBehaviors/SingleSignOn/@EnforceIdTokenHintOnLogout',
  ),
  sessionExpiryType: (element) =>
    valueAt(element, 'UserJourneyBehaviors/SessionExpiryType') === 'Absolute'
      ? 'Absolute'
      : 'Rolling',
  sessionExpirySeconds: read.integer(
    'UserJourneyBehaviors/SessionExpiryInSeconds',
    SESSION_SECONDS,
  ),
  allowsScript: (element) => valueAt(element, 'UserJourneyBehaviors/ScriptExecution') === 'Allow',
  framingSources: (element, find) =>
    isFramed(element, find)
      ? valueAt(element, 'UserJourneyBehaviors/JourneyFraming/@Sources')
      : undefined,
  contentDefinitionParameters: read.byName(
    'UserJourneyBehaviors/ContentDefinitionParameters/Parameter',
    '@Name',
    read.text('.'),
  ),
});
