import type { ClaimsTransformation, ClaimType } from './claims.ts';
import type { ContentDefinition } from './content.ts';
import type { Origin, Sourced } from './origin.ts';

export type ProtocolName =
  | 'None'
  | 'OAuth1'
  | 'OAuth2'
  | 'SAML2'
  | 'OpenIdConnect'
  | 'WsFed'
  | 'WsTrust'
  | 'UProve11'
  | 'Proprietary';

/** Runs a technical profile: a protocol, or for `Proprietary` the handler that it names. */
export type Handler =
  | 'self-asserted'
  | 'directory'
  | 'rest'
  | 'claims-transformation'
  | 'one-time-password'
  | 'email-verification'
  | 'azure-mfa'
  | 'phone-factor'
  | 'journey-context'
  | 'conditional-access'
  | 'application-insights'
  | 'session-default'
  | 'session-noop'
  | 'session-external-login'
  | 'session-oauth'
  | 'session-saml'
  | 'openid-connect'
  | 'oauth2'
  | 'oauth1'
  | 'saml'
  | 'jwt-issuer'
  | 'json-issuer'
  | 'oauth2-error'
  | 'saml-issuer'
  | 'none'
  | 'unknown';

/** A technical profile with all that it includes and all that later files changed. */
export interface TechnicalProfile extends Origin {
  readonly id: string;
  readonly displayName: Sourced<string> | undefined;
  readonly domain: Sourced<string> | undefined;
  readonly protocol: Sourced<ProtocolName> | undefined;
  readonly handler: Handler;
  readonly inputTokenFormat: Sourced<string> | undefined;
  readonly outputTokenFormat: Sourced<string> | undefined;
  readonly metadata: ReadonlyMap<string, Sourced<string>>;
  /** The policy key (`StorageReferenceId`) by the id under which the handler asks for it. */
  readonly keys: ReadonlyMap<string, Sourced<string>>;
  readonly includeInSso: boolean;
  readonly contentDefinition: ContentDefinition | undefined;
  readonly inputClaimsTransformations: readonly ClaimsTransformation[];
  readonly inputClaims: readonly ClaimReference[];
  readonly displayClaims: readonly DisplayClaim[];
  readonly persistedClaims: readonly ClaimReference[];
  readonly outputClaims: readonly ClaimReference[];
  readonly outputClaimsTransformations: readonly ClaimsTransformation[];
  readonly validationProfiles: readonly ValidationProfile[];
  readonly subjectNamingInfo: Sourced<string> | undefined;
  readonly sessionProvider: TechnicalProfile | undefined;
  readonly enabledForUserJourneys: Sourced<string> | undefined;
}

export interface ClaimReference extends Origin {
  readonly claimType: ClaimType;
  readonly partnerClaimType: string | undefined;
  readonly defaultValue: string | undefined;
  readonly alwaysUseDefaultValue: boolean;
  readonly isRequired: boolean;
}

/** A field of a page, or a display control with its fields. */
export interface DisplayClaim extends Origin {
  readonly claimType: ClaimType | undefined;
  readonly displayControl: DisplayControl | undefined;
  /** The role of the field within a control: `VerificationCode`, `QrCodeContent`, … */
  readonly controlClaimType: string | undefined;
  readonly isRequired: boolean;
}

export interface DisplayControl extends Origin {
  readonly id: string;
  readonly type: string;
  readonly inputClaims: readonly ClaimReference[];
  readonly displayClaims: readonly DisplayClaim[];
  readonly outputClaims: readonly ClaimReference[];
  readonly actions: readonly DisplayControlAction[];
}

export interface DisplayControlAction extends Origin {
  readonly id: string;
  readonly validationProfiles: readonly ValidationProfile[];
}

export interface ValidationProfile extends Origin {
  readonly profile: TechnicalProfile;
  readonly preconditions: readonly Precondition[];
  readonly continueOnSuccess: boolean;
  readonly continueOnError: boolean;
}

/** A reason to skip a step or a validation profile. */
export interface Precondition extends Origin {
  readonly type: 'ClaimsExist' | 'ClaimEquals';
  readonly executeActionsIf: boolean;
  readonly claimType: ClaimType;
  /** The value that `ClaimEquals` compares with; a value that is the id of a claim is still a constant. */
  readonly value: string | undefined;
  readonly action: string;
}
