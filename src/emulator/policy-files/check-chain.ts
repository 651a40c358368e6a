import type { OrchestrationStep, Policy } from '../policy/policy.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import { buildPredicate } from './build-claims.ts';
import { buildLocalization } from './build-content.ts';
import { buildPolicy } from './build-policy.ts';
import { type Chain, isDefined } from './chains.ts';
import { checkClaimType, checkPredicate, checkPredicateValidation } from './check-claim-types.ts';
import { checkClaimsFlow } from './check-claims-flow.ts';
import {
  checkContentDefinition,
  checkDefaultLanguage,
  checkDisplayControl,
  checkLanguages,
  checkLocalizedResources,
} from './check-content.ts';
import { checkJourney, checkPreconditions } from './check-journeys.ts';
import { checkOwnProfile } from './check-own-profile.ts';
import { checkProfile, checkValidationLoop } from './check-profiles.ts';
import { checkRelyingParty, checkScripts, checkToken } from './check-relying-party.ts';
import { checkLocalizedTexts } from './check-texts.ts';
import { checkTransformation } from './check-transformations.ts';
import { createLookups } from './create-lookups.ts';
import { createDefinitions, mergedPart } from './definitions.ts';
import type { ModelLookups } from './model-lookups.ts';
import type { DefinitionKind, PolicyFile } from './policy-file.ts';
import type { Report, Suggest } from './rules.ts';
import { childOf, elementsAt, type XmlElement } from './xml-element.ts';

interface Checks {
  readonly report: Report;
  readonly suggest: Suggest;
}

/**
 * Checks what the last file of a chain defines, as the chain merges it, and the policy that it makes
 * when it has a relying party. Each definition is checked with the file that wrote it: a chain costs
 * what its last file and the journeys of its relying party do.
 */
export function checkChain(chain: Chain, checks: Checks): void {
  const file = chain.at(-1);
  if (!file) return;
  const find = createDefinitions(chain, checks.report);
  const lookups = createLookups(find, checks.report);
  checkBuildingBlocks(file, { ...checks, chain, lookups });
  for (const profile of file.definitions.TechnicalProfile.values()) {
    checkOwnProfile(profile, checks);
    for (const validation of elementsAt(
      profile,
      'ValidationTechnicalProfiles',
      'ValidationTechnicalProfile',
    )) {
      checkPreconditions(validation, { ...checks, action: 'SkipThisValidationTechnicalProfile' });
    }
  }
  for (const kind of ['UserJourney', 'SubJourney'] as const) {
    for (const id of file.definitions[kind].keys()) {
      const journey = lookups.find(kind, id);
      if (journey) checkJourney(journey, { ...checks, lookups });
    }
  }
  checkRelyingParty(file, checks.report);
  // Fresh lookups, so that the policy has only what its journeys reach.
  const policy = buildPolicy(chain, createLookups(find, checks.report));
  if (policy) checkPolicy(policy, checks.report);
}

function checkBuildingBlocks(
  file: PolicyFile,
  { chain, lookups, ...checks }: Checks & { chain: Chain; lookups: ModelLookups },
): void {
  const { report } = checks;
  const own = (kind: DefinitionKind) => [...file.definitions[kind].keys()];
  const localized = localizedClaims(chain);
  for (const id of own('ClaimType')) {
    const claimType = lookups.claimType(id);
    if (claimType) checkClaimType(claimType, { report, localized });
  }
  for (const id of own('Predicate')) {
    const predicate = lookups.find('Predicate', id);
    if (predicate) checkPredicate(buildPredicate(predicate), report);
  }
  for (const validation of file.definitions.PredicateValidation.values()) {
    checkPredicateValidation(validation, report);
  }
  for (const id of own('ClaimsTransformation')) {
    const transformation = lookups.claimsTransformation(id);
    if (transformation) checkTransformation(transformation, checks);
  }
  for (const id of own('ContentDefinition')) {
    const content = lookups.contentDefinition(id);
    const recoveryUri = childOf(lookups.find('ContentDefinition', id), 'RecoveryUri')?.text;
    if (content) checkContentDefinition(content, { report, recoveryUri });
  }
  for (const id of own('LocalizedResources')) {
    const resources = lookups.localizedResources(id);
    const isKnown = (kind: DefinitionKind, name: string) => isDefined(chain, kind, name);
    if (resources) checkLocalizedResources(resources, { ...checks, isDefined: isKnown });
  }
  for (const id of own('DisplayControl')) {
    const control = lookups.displayControl(id);
    if (control) checkDisplayControl(control, report);
  }
  const localization = childOf(childOf(file.root, 'BuildingBlocks'), 'Localization');
  if (localization) {
    const merged = mergedPart(chain, 'BuildingBlocks', 'Localization');
    checkDefaultLanguage(buildLocalization(merged), report);
  }
}

/** The claim types whose choices come with a language. */
function localizedClaims(chain: Chain): ReadonlySet<string> {
  const collections = chain.flatMap((file) =>
    [...file.definitions.LocalizedResources.values()].flatMap((resources) =>
      elementsAt(resources, 'LocalizedCollections', 'LocalizedCollection'),
    ),
  );
  return new Set(collections.map(({ attributes }) => idIn(attributes)));
}

const idIn = (attributes: XmlElement['attributes']) =>
  attributes.find(({ name }) => name === 'ElementId')?.value.toLowerCase() ?? '';

/** Finds faults that show only in the merged policy of a relying party, in the parts that its journeys reach. */
function checkPolicy(policy: Policy, report: Report): void {
  const { isDevelopment } = policy;
  const withPageOfStep = profilesOnPagesOfSteps(policy);
  for (const profile of policy.technicalProfiles.values()) {
    const hasPageOfStep = withPageOfStep.has(profile);
    checkProfile(profile, { isDevelopment, hasPageOfStep, report });
    checkValidationLoop(profile, report);
  }
  for (const profile of profilesIn(stepsOf(policy))) checkSession(profile, report);
  for (const content of policy.contentDefinitions.values()) {
    checkLanguages(content, { localization: policy.localization, report });
  }
  checkLocalizedTexts(policy, report);
  checkToken(policy, report);
  checkScripts(policy, report);
  checkClaimsFlow(policy, report);
}

const stepsOf = (policy: Policy): OrchestrationStep[] =>
  [...policy.userJourneys.values(), ...policy.subJourneys.values()].flatMap(({ steps }) => steps);

const profilesIn = (steps: readonly OrchestrationStep[]): TechnicalProfile[] =>
  steps.flatMap(({ exchanges }) => exchanges.map(({ profile }) => profile));

const profilesOnPagesOfSteps = (policy: Policy): ReadonlySet<TechnicalProfile> =>
  new Set(profilesIn(stepsOf(policy).filter(({ contentDefinition }) => contentDefinition)));

/** Without a session provider the default one applies, which may skip the page at single sign-on. */
function checkSession(
  { id, handler, sessionProvider, ...at }: TechnicalProfile,
  report: Report,
): void {
  const isShown = ['self-asserted', 'openid-connect', 'oauth2', 'oauth1', 'phone-factor'].includes(
    handler,
  );
  if (!isShown || sessionProvider) return;
  report('session-provider-missing', at, `The technical profile "${id}" names no session provider`);
}
