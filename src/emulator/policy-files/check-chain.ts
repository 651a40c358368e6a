import type { Policy } from '../policy/policy.ts';
import { buildPolicy } from './build-policy.ts';
import { type Chain, isDefined } from './chains.ts';
import { checkClaimType, checkPredicate, checkPredicateValidation } from './check-claim-types.ts';
import { checkClaimsFlow } from './check-claims-flow.ts';
import {
  checkContentDefinition,
  checkDefaultLanguage,
  checkDisplayControl,
  checkLocalizedResources,
  checkPage,
} from './check-content.ts';
import { checkJourney, checkPreconditions } from './check-journeys.ts';
import { checkOwnProfile } from './check-own-profile.ts';
import { checkProfiles } from './check-profiles.ts';
import { checkRelyingParty, checkToken } from './check-relying-party.ts';
import { checkTransformation } from './check-transformations.ts';
import { readLocalization } from './claim-models.ts';
import { createLookups } from './create-lookups.ts';
import { createDefinitions, mergedPart } from './definitions.ts';
import type { DefinitionKind } from './policy-file.ts';
import type { Models } from './read-model.ts';
import type { Report, Reporter } from './rules.ts';
import { elementsAt, valueAt } from './xml-element.ts';

/**
 * Checks what the last file of a chain defines, as the chain merges it, and returns the policy that it
 * makes when it has a relying party. Each definition is checked with the file that wrote it: a chain costs
 * what its last file and the journeys of its relying party do.
 */
export function checkChain(chain: Chain, reporter: Reporter): Policy | undefined {
  const file = chain.at(-1);
  if (!file) return undefined;
  const { report } = reporter;
  const find = createDefinitions(chain, report);
  const { findModel } = createLookups(find, report);
  const { definitions, relyingParty } = file;
  const checkEach = <Kind extends keyof Models>(
    kind: Kind,
    check: (model: Models[Kind]) => void,
  ) => {
    for (const id of definitions[kind].keys()) {
      const model = findModel(kind, id);
      if (model) check(model);
    }
  };
  const localized = localizedClaims(chain);
  checkEach('ClaimType', (claimType) => checkClaimType(claimType, { report, localized }));
  checkEach('Predicate', (predicate) => checkPredicate(predicate, report));
  for (const validation of definitions.PredicateValidation.values()) {
    checkPredicateValidation(validation, report);
  }
  checkEach('ClaimsTransformation', (it) => checkTransformation(it, reporter));
  checkEach('ContentDefinition', (content) => {
    const recoveryUri = valueAt(find('ContentDefinition', content.id), 'RecoveryUri');
    checkContentDefinition(content, { report, recoveryUri });
  });
  checkEach('LocalizedResources', (resources) => {
    const isKnown = (kind: DefinitionKind, id: string) => isDefined(chain, kind, id);
    checkLocalizedResources(resources, { ...reporter, isDefined: isKnown });
  });
  checkEach('DisplayControl', (control) => checkDisplayControl(control, report));
  if (elementsAt(file.root, 'BuildingBlocks/Localization').length > 0) {
    checkDefaultLanguage(
      readLocalization(mergedPart(chain, 'BuildingBlocks/Localization')),
      report,
    );
  }
  for (const profile of definitions.TechnicalProfile.values()) {
    checkOwnProfile(profile, reporter);
    for (const validation of elementsAt(
      profile,
      'ValidationTechnicalProfiles/ValidationTechnicalProfile',
    )) {
      checkPreconditions(validation, { report, action: 'SkipThisValidationTechnicalProfile' });
    }
  }
  for (const kind of ['UserJourney', 'SubJourney'] as const) {
    for (const id of definitions[kind].keys()) {
      const journey = find(kind, id);
      if (journey) checkJourney(journey, { ...reporter, findModel });
    }
  }
  if (relyingParty) checkRelyingParty(relyingParty, report);
  // Fresh lookups, so that the policy has only what its journeys reach.
  const policy = buildPolicy(chain, createLookups(find, report));
  if (policy) checkPolicy(policy, report);
  return policy;
}

/** The claim types whose choices come with a language. */
function localizedClaims(chain: Chain): ReadonlySet<string> {
  const resources = chain.flatMap((file) => [...file.definitions.LocalizedResources.values()]);
  const collections = resources.flatMap((it) =>
    elementsAt(it, 'LocalizedCollections/LocalizedCollection'),
  );
  return new Set(collections.map((it) => valueAt(it, '@ElementId')?.toLowerCase() ?? ''));
}

/** Finds faults that show only in the merged policy of a relying party, in the parts that its journeys reach. */
function checkPolicy(policy: Policy, report: Report): void {
  checkProfiles(policy, report);
  for (const content of policy.contentDefinitions.values()) checkPage(content, policy, report);
  checkToken(policy, report);
  checkClaimsFlow(policy, report);
}
