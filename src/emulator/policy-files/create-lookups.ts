import {
  buildClaimsTransformation,
  buildClaimType,
  buildPredicateValidation,
} from './build-claims.ts';
import { buildContentDefinition, buildLocalizedResources } from './build-content.ts';
import { buildSubJourney, buildUserJourney } from './build-journeys.ts';
import { buildDisplayControl, buildTechnicalProfile } from './build-profiles.ts';
import type { FindDefinition } from './definitions.ts';
import type { Lookup, ModelLookups } from './model-lookups.ts';
import type { DefinitionKind } from './policy-file.ts';
import type { Report } from './rules.ts';
import { originOf, type XmlElement } from './xml-element.ts';

/** Profiles, controls and journeys refer to each other; real policies do not nest them a hundred deep. */
const MAX_DEPTH = 100;

export function createLookups(find: FindDefinition, report: Report): ModelLookups {
  let depth = 0;

  /** The object is known before its members are: profiles may refer to each other in a circle. */
  function lazily<Model extends object>(
    kind: DefinitionKind,
    build: (element: XmlElement, lookups: ModelLookups) => Model,
  ): { get: Lookup<Model>; built: Map<string, Model> } {
    const built = new Map<string, Model>();
    const get: Lookup<Model> = (id) => {
      const key = id?.toLowerCase() ?? '';
      const known = built.get(key);
      if (known || id === undefined) return known;
      const element = find(kind, id);
      if (!element) return undefined;
      if (depth >= MAX_DEPTH) {
        const message = `${kind} "${id}" is behind more than ${MAX_DEPTH} references`;
        report('references-too-deep', originOf(element), message);
        return undefined;
      }
      const model = {} as Model;
      built.set(key, model);
      depth += 1;
      Object.assign(model, build(element, lookups));
      depth -= 1;
      return model;
    };
    return { get, built };
  }

  const technicalProfiles = lazily('TechnicalProfile', buildTechnicalProfile);
  const contentDefinitions = lazily('ContentDefinition', buildContentDefinition);
  const displayControls = lazily('DisplayControl', buildDisplayControl);
  const userJourneys = lazily('UserJourney', buildUserJourney);
  const subJourneys = lazily('SubJourney', buildSubJourney);
  const lookups: ModelLookups = {
    find,
    claimType: lazily('ClaimType', buildClaimType).get,
    predicateValidation: lazily('PredicateValidation', buildPredicateValidation).get,
    claimsTransformation: lazily('ClaimsTransformation', buildClaimsTransformation).get,
    localizedResources: lazily('LocalizedResources', buildLocalizedResources).get,
    contentDefinition: contentDefinitions.get,
    displayControl: displayControls.get,
    technicalProfile: technicalProfiles.get,
    userJourney: userJourneys.get,
    subJourney: subJourneys.get,
    built: {
      technicalProfiles: technicalProfiles.built,
      contentDefinitions: contentDefinitions.built,
      displayControls: displayControls.built,
      userJourneys: userJourneys.built,
      subJourneys: subJourneys.built,
    },
  };
  return lookups;
}
