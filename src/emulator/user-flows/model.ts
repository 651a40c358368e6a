/** Short constructors for the engine's model. Every part of a user flow has its policy as origin. */
import {
  type ClaimsTransformation,
  type ClaimType,
  emptyClaimType,
  type UserInputType,
} from '../policy/claims.ts';
import type { ContentDefinition } from '../policy/content.ts';
import type { Origin } from '../policy/origin.ts';
import type { ClaimsExchange, OrchestrationStep } from '../policy/policy.ts';
import type {
  ClaimReference,
  DisplayClaim,
  Precondition,
  TechnicalProfile,
} from '../policy/technical-profile.ts';

export const ORIGIN: Origin = { file: 'user flow', line: 0, column: 0 };

export const sourced = <Value>(value: Value) => ({ ...ORIGIN, value });

export const claimType = (id: string, options: Partial<ClaimType> = {}): ClaimType => ({
  ...emptyClaimType(id),
  ...ORIGIN,
  dataType: sourced('string'),
  ...options,
});

export const input = (type: UserInputType): Pick<ClaimType, 'userInputType'> => ({
  userInputType: sourced(type),
});

/** A claim of a profile. `partner` is its name at the other party, `value` its default. */
export const claim = (
  type: ClaimType,
  {
    partner,
    value,
    ...options
  }: Partial<ClaimReference> & { partner?: string; value?: string } = {},
): ClaimReference => ({
  ...ORIGIN,
  claimType: type,
  partnerClaimType: partner,
  defaultValue: value,
  alwaysUseDefaultValue: false,
  isRequired: false,
  ...options,
});

export const displayClaim = (options: Partial<DisplayClaim>): DisplayClaim => ({
  ...ORIGIN,
  claimType: options.claimType,
  displayControl: options.displayControl,
  controlClaimType: options.controlClaimType,
  isRequired: options.isRequired ?? false,
});

export const profile = (
  id: string,
  {
    settings = {},
    ...options
  }: Partial<Omit<TechnicalProfile, 'metadata'>> & { settings?: Record<string, string> },
): TechnicalProfile => ({
  ...ORIGIN,
  id,
  displayName: undefined,
  domain: undefined,
  protocol: undefined,
  handler: 'none',
  inputTokenFormat: undefined,
  outputTokenFormat: undefined,
  metadata: new Map(Object.entries(settings).map(([key, value]) => [key, sourced(value)])),
  keys: new Map(),
  includeInSso: true,
  contentDefinition: undefined,
  inputClaimsTransformations: [],
  inputClaims: [],
  displayClaims: [],
  persistedClaims: [],
  outputClaims: [],
  outputClaimsTransformations: [],
  validationProfiles: [],
  subjectNamingInfo: undefined,
  sessionProvider: undefined,
  enabledForUserJourneys: undefined,
  ...options,
});

/** Claims by the name of the method's argument. */
export function transformation(
  method: string,
  {
    inputs = {},
    parameters = {},
    outputs,
  }: {
    inputs?: Record<string, ClaimType>;
    parameters?: Record<string, string>;
    outputs: Record<string, ClaimType>;
  },
): ClaimsTransformation {
  const claims = (named: Record<string, ClaimType>) =>
    Object.entries(named).map(([argument, type]) => ({ ...ORIGIN, claimType: type, argument }));
  return {
    ...{ ...ORIGIN, id: method, method },
    inputClaims: claims(inputs),
    inputParameters: Object.entries(parameters).map(([id, value]) => ({
      ...{ ...ORIGIN, id, dataType: 'string' as const, value },
    })),
    outputClaims: claims(outputs),
  };
}

/** Skips a step if a claim has a value, or if it has none. */
export const skipIf = (type: ClaimType, exists = true): Precondition => ({
  ...ORIGIN,
  type: 'ClaimsExist',
  executeActionsIf: exists,
  claimType: type,
  value: undefined,
  action: 'SkipThisOrchestrationStep',
});

export const skipUnless = (type: ClaimType): Precondition => skipIf(type, false);

export const validates = (
  ...profiles: TechnicalProfile[]
): TechnicalProfile['validationProfiles'] =>
  profiles.map((one) => ({
    ...{ ...ORIGIN, profile: one, preconditions: [] },
    ...{ continueOnSuccess: true, continueOnError: false },
  }));

export const exchange = (id: string, one: TechnicalProfile): ClaimsExchange => ({
  ...{ ...ORIGIN, id, profile: one },
});

/** A step; its order is its place in the journey. */
export const step = (
  type: OrchestrationStep['type'],
  options: Partial<OrchestrationStep>,
): Omit<OrchestrationStep, 'order'> => ({
  ...ORIGIN,
  type,
  preconditions: [],
  contentDefinition: undefined,
  showsSingleProvider: false,
  selections: [],
  exchanges: [],
  issuer: undefined,
  subJourneys: [],
  ...options,
});

/** A page with its layout. The texts are the built-in ones of its ID. */
export const contentDefinition = (id: string, page: string): ContentDefinition => ({
  ...ORIGIN,
  id,
  loadUri: undefined,
  dataUri: sourced({
    ...{ uri: `urn:com:microsoft:aad:b2c:elements:contract:${page}:2.1.7`, page },
    ...{ version: '2.1.7', hasContract: true },
  }),
  metadata: new Map(),
  localizedResources: new Map(),
});
