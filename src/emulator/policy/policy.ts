import type { ClaimType } from './claims.ts';
import type { ContentDefinition, Localization } from './content.ts';
import type { Origin } from './origin.ts';
import type { Precondition, TechnicalProfile } from './technical-profile.ts';

/**
 * One policy that an application can call: a relying party and all that its journeys reach, with every
 * name resolved. Profiles may refer to each other in a circle. Ids are keys in lower case, because a
 * tenant compares them without case.
 */
export interface Policy extends Origin {
  readonly id: string;
  readonly tenantId: string;
  readonly isDevelopment: boolean;
  /** The files of the chain, from the base to the relying party. */
  readonly files: readonly string[];
  readonly relyingParty: RelyingParty;
  readonly localization: Localization;
  /** Any claim type of the chain: two transformations create claims by the names in a JSON text. */
  readonly findClaimType: (id: string) => ClaimType | undefined;
  readonly technicalProfiles: ReadonlyMap<string, TechnicalProfile>;
  readonly contentDefinitions: ReadonlyMap<string, ContentDefinition>;
  readonly userJourneys: ReadonlyMap<string, UserJourney>;
  readonly subJourneys: ReadonlyMap<string, SubJourney>;
}

export interface RelyingParty extends Origin {
  readonly defaultUserJourney: UserJourney;
  /** `Token` runs when a refresh token is redeemed, `UserInfo` at the userinfo endpoint. */
  readonly endpoints: readonly (Origin & { id: string; userJourney: UserJourney })[];
  readonly profile: TechnicalProfile;
  readonly behaviors: UserJourneyBehaviors;
}

export interface UserJourneyBehaviors {
  readonly singleSignOnScope: string | undefined;
  readonly keepAliveInDays: number;
  readonly enforceIdTokenHintOnLogout: boolean;
  readonly sessionExpiryType: 'Rolling' | 'Absolute';
  readonly sessionExpirySeconds: number;
  readonly allowsScript: boolean;
  readonly framingSources: string | undefined;
  /** Query parameters of `LoadUri`; values may have claim resolvers. */
  readonly contentDefinitionParameters: ReadonlyMap<string, string>;
}

export interface UserJourney extends Origin {
  readonly id: string;
  readonly steps: readonly OrchestrationStep[];
  readonly defaultIssuer: TechnicalProfile | undefined;
  readonly authorizationProfiles: readonly TechnicalProfile[];
}

export interface SubJourney extends Origin {
  readonly id: string;
  /** `Call` continues behind the step that invoked it, `Transfer` ends the transaction itself. */
  readonly type: 'Call' | 'Transfer';
  readonly steps: readonly OrchestrationStep[];
}

export type StepType =
  | 'ClaimsProviderSelection'
  | 'CombinedSignInAndSignUp'
  | 'ClaimsExchange'
  | 'GetClaims'
  | 'InvokeSubJourney'
  | 'SendClaims'
  | 'ConsentScreen'
  | 'ReviewScreen'
  | 'UserDialog'
  | 'Noop';

export interface OrchestrationStep extends Origin {
  readonly order: number;
  readonly type: StepType;
  readonly preconditions: readonly Precondition[];
  readonly contentDefinition: ContentDefinition | undefined;
  readonly showsSingleProvider: boolean;
  readonly selections: readonly ClaimsProviderSelection[];
  readonly exchanges: readonly ClaimsExchange[];
  /** Issues the token of `SendClaims`, or reads the token of `GetClaims`. */
  readonly issuer: TechnicalProfile | undefined;
  readonly subJourneys: readonly SubJourney[];
}

/** A button (`target`, run by the following step) or a form on the same page (`validation`). */
export interface ClaimsProviderSelection extends Origin {
  readonly target: ClaimsExchange | undefined;
  readonly validation: ClaimsExchange | undefined;
}

export interface ClaimsExchange extends Origin {
  readonly id: string;
  readonly profile: TechnicalProfile;
}
