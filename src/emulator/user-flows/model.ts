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
  DisplayControl,
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
  ...{ ...ORIGIN, claimType: type, partnerClaimType: partner, defaultValue: value },
  ...{ alwaysUseDefaultValue: false, isRequired: false, ...options },
});

/** Claims by their names at the other party. */
export const named = (claims: Readonly<Record<string, ClaimType>>): ClaimReference[] =>
  Object.entries(claims).map(([partner, type]) => claim(type, { partner }));

/** A claim that always has this value, which can be a claim resolver. */
export const constant = (type: ClaimType, value: string): ClaimReference =>
  claim(type, { value, alwaysUseDefaultValue: true });

export const displayClaim = (options: Partial<DisplayClaim>): DisplayClaim => ({
  ...{ ...ORIGIN, claimType: undefined, displayControl: undefined, controlClaimType: undefined },
  ...{ isRequired: false, ...options },
});

export const control = (
  [id, type]: [id: string, type: string],
  shown: ClaimType,
  options: Partial<DisplayControl>,
): DisplayControl => ({
  ...{ ...ORIGIN, id, type, inputClaims: [claim(shown)], displayClaims: [] },
  ...{ outputClaims: [], actions: [], ...options },
});

export type ProfileOptions = Partial<Omit<TechnicalProfile, 'metadata'>> & {
  settings?: Record<string, string>;
};

export const profile = (
  id: string,
  { settings = {}, ...options }: ProfileOptions,
): TechnicalProfile => ({
  ...{ ...ORIGIN, id, handler: 'none', keys: new Map(), includeInSso: true },
  ...{ displayName: undefined, domain: undefined, protocol: undefined },
  ...{ inputTokenFormat: undefined, outputTokenFormat: undefined, contentDefinition: undefined },
  metadata: new Map(Object.entries(settings).map(([key, value]) => [key, sourced(value)])),
  ...{ inputClaimsTransformations: [], inputClaims: [], displayClaims: [], persistedClaims: [] },
  ...{ outputClaims: [], outputClaimsTransformations: [], validationProfiles: [] },
  ...{ subjectNamingInfo: undefined, sessionProvider: undefined },
  ...{ enabledForUserJourneys: undefined, ...options },
});

/** Reads or writes the account that the key claim names. */
export const directory = (
  id: string,
  account: 'exists' | 'is new' | 'may exist',
  { writes, ...options }: { writes?: ClaimReference[] } & ProfileOptions,
): TechnicalProfile =>
  profile(id, {
    handler: 'directory',
    settings: {
      Operation: writes ? 'Write' : 'Read',
      RaiseErrorIfClaimsPrincipalDoesNotExist: String(account === 'exists'),
      RaiseErrorIfClaimsPrincipalAlreadyExists: String(account === 'is new'),
    },
    persistedClaims: writes ?? [],
    ...options,
  });

/** A self-asserted page with the texts of a content definition. */
export const page = (id: string, content: string, options: ProfileOptions): TechnicalProfile =>
  profile(id, {
    handler: 'self-asserted',
    contentDefinition: contentDefinition(content, 'selfasserted'),
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
  ...{ ...ORIGIN, type: 'ClaimsExist', executeActionsIf: exists, claimType: type },
  ...{ value: undefined, action: 'SkipThisOrchestrationStep' },
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
export type Step = Omit<OrchestrationStep, 'order'>;

export const step = (type: Step['type'], options: Partial<Step>): Step => ({
  ...{ ...ORIGIN, type, preconditions: [], selections: [], exchanges: [], subJourneys: [] },
  ...{ contentDefinition: undefined, showsSingleProvider: false, issuer: undefined, ...options },
});

/** A step that runs one technical profile. */
export const run = (one: TechnicalProfile, ...preconditions: Precondition[]): Step =>
  step('ClaimsExchange', { exchanges: [exchange(one.id, one)], preconditions });

/** A page with its layout. The texts are the built-in ones of its ID. */
export const contentDefinition = (id: string, layout: string): ContentDefinition => ({
  ...{ ...ORIGIN, id, loadUri: undefined, metadata: new Map(), localizedResources: new Map() },
  dataUri: sourced({
    ...{ uri: `urn:com:microsoft:aad:b2c:elements:contract:${layout}:2.1.7`, page: layout },
    ...{ version: '2.1.7', hasContract: true },
  }),
});
