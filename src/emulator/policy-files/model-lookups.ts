import type { ClaimsTransformation, ClaimType, PredicateValidation } from '../policy/claims.ts';
import type { ContentDefinition, LocalizedResources } from '../policy/content.ts';
import type { SubJourney, UserJourney } from '../policy/policy.ts';
import type { DisplayControl, TechnicalProfile } from '../policy/technical-profile.ts';
import type { FindDefinition } from './definitions.ts';

export type Lookup<Model> = (id: string | undefined) => Model | undefined;

/**
 * Gives the model of a definition by its id, the same object each time. An id without a definition gives
 * `undefined`: it was reported with the references, and what refers to it is left out of the model.
 */
export interface ModelLookups {
  readonly find: FindDefinition;
  readonly claimType: Lookup<ClaimType>;
  readonly predicateValidation: Lookup<PredicateValidation>;
  readonly claimsTransformation: Lookup<ClaimsTransformation>;
  readonly contentDefinition: Lookup<ContentDefinition>;
  readonly localizedResources: Lookup<LocalizedResources>;
  readonly displayControl: Lookup<DisplayControl>;
  readonly technicalProfile: Lookup<TechnicalProfile>;
  readonly userJourney: Lookup<UserJourney>;
  readonly subJourney: Lookup<SubJourney>;
  /** The elements built so far, by id in lower case. */
  readonly built: {
    readonly technicalProfiles: ReadonlyMap<string, TechnicalProfile>;
    readonly contentDefinitions: ReadonlyMap<string, ContentDefinition>;
    readonly displayControls: ReadonlyMap<string, DisplayControl>;
    readonly userJourneys: ReadonlyMap<string, UserJourney>;
    readonly subJourneys: ReadonlyMap<string, SubJourney>;
  };
}
