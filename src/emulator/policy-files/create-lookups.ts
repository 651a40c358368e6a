import * as claims from './claim-models.ts';
import type { FindDefinition } from './definitions.ts';
import * as journeys from './journey-models.ts';
import type { FindModel, Models, Read } from './read-model.ts';
import type { Report } from './rules.ts';
import { originOf } from './xml-element.ts';

/** Profiles, controls and journeys refer to each other; real policies do not nest them a hundred deep. */
const MAX_DEPTH = 100;

const READERS: { readonly [Kind in keyof Models]: Read<Models[Kind]> } = {
  ClaimType: claims.claimType,
  Predicate: claims.predicate,
  PredicateValidation: claims.predicateValidation,
  ClaimsTransformation: claims.claimsTransformation,
  ContentDefinition: claims.contentDefinition,
  LocalizedResources: claims.localizedResources,
  DisplayControl: journeys.displayControl,
  TechnicalProfile: journeys.technicalProfile,
  UserJourney: journeys.userJourney,
  SubJourney: journeys.subJourney,
};

type Built = { readonly [Kind in keyof Models]: Map<string, Models[Kind]> };

export interface Lookups {
  readonly findModel: FindModel;
  /** The models built so far, by id in lower case. */
  readonly built: Readonly<Built>;
}

/** Builds models of definitions when they are asked for. */
export function createLookups(find: FindDefinition, report: Report): Lookups {
  const built = Object.fromEntries(
    Object.keys(READERS).map((kind) => [kind, new Map()]),
  ) as unknown as Built;
  let depth = 0;

  /** The object is known before its members are: profiles may refer to each other in a circle. */
  const findModel: FindModel = (kind, id) => {
    const key = id?.toLowerCase() ?? '';
    const known = built[kind].get(key);
    if (known || id === undefined) return known;
    const element = find(kind, id);
    if (!element) return undefined;
    if (depth >= MAX_DEPTH) {
      report('references-too-deep', originOf(element), { kind, id, most: MAX_DEPTH });
      return undefined;
    }
    const model = {} as Models[typeof kind];
    built[kind].set(key, model);
    depth += 1;
    Object.assign(model, READERS[kind](element, findModel));
    depth -= 1;
    return model;
  };
  return { findModel, built };
}
