/** Readers of technical profiles, display controls, journeys and their steps. */
import type { ClaimsTransformation } from '../policy/claims.ts';
import type { ContentDefinition } from '../policy/content.ts';
import type {
  ClaimsExchange,
  OrchestrationStep,
  SubJourney,
  UserJourney,
} from '../policy/policy.ts';
import type {
  ClaimReference,
  DisplayClaim,
  DisplayControl,
  DisplayControlAction,
  Precondition,
  TechnicalProfile,
  ValidationProfile,
} from '../policy/technical-profile.ts';
import { handlerOf } from './handler-table.ts';
import type { Read } from './read-model.ts';
import * as read from './read-model.ts';
import { elementsAt, originOf, valueAt, type XmlElement } from './xml-element.ts';

const claimReference: Read<ClaimReference | undefined> = read.linked(['claimType'], {
  claimType: read.reference('ClaimType', '@ClaimTypeReferenceId'),
  partnerClaimType: read.value('@PartnerClaimType'),
  defaultValue: read.value('@DefaultValue'),
  alwaysUseDefaultValue: read.flag('@AlwaysUseDefaultValue'),
  isRequired: read.flag('@Required'),
});

const displayClaim: Read<DisplayClaim | undefined> = read.linked(['claimType', 'displayControl'], {
  claimType: read.reference('ClaimType', '@ClaimTypeReferenceId'),
  displayControl: read.reference('DisplayControl', '@DisplayControlReferenceId'),
  controlClaimType: read.value('@ControlClaimType'),
  isRequired: read.flag('@Required'),
});

const precondition: Read<Precondition | undefined> = read.linked(['claimType'], {
  type: read.text('@Type'),
  executeActionsIf: read.flag('@ExecuteActionsIf'),
  claimType: read.reference('ClaimType', 'Value'),
  value: (element) => elementsAt(element, 'Value')[1]?.text,
  action: read.text('Action'),
});

export const preconditions = read.list('Preconditions/Precondition', precondition);

const validationProfile = (profileId: string): Read<ValidationProfile | undefined> =>
  read.linked(['profile'], {
    profile: read.reference('TechnicalProfile', profileId),
    preconditions,
    continueOnSuccess: read.flag('@ContinueOnSuccess', true),
    continueOnError: read.flag('@ContinueOnError'),
  });

const displayControlAction: Read<DisplayControlAction> = read.model({
  id: read.id,
  validationProfiles: read.list(
    'ValidationClaimsExchange/ValidationClaimsExchangeTechnicalProfile',
    validationProfile('@TechnicalProfileReferenceId'),
  ),
});

export const displayControl: Read<DisplayControl> = read.model({
  id: read.id,
  type: read.text('@UserInterfaceControlType'),
  inputClaims: read.list('InputClaims/InputClaim', claimReference),
  displayClaims: read.list('DisplayClaims/DisplayClaim', displayClaim),
  outputClaims: read.list('OutputClaims/OutputClaim', claimReference),
  actions: read.list('Actions/Action', displayControlAction),
});

const transformations = (name: string): Read<ClaimsTransformation[]> =>
  read.list(`${name}s/${name}`, read.reference('ClaimsTransformation', '@ReferenceId'));

const contentDefinition: Read<ContentDefinition | undefined> = (element, find) => {
  const ids = elementsAt(element, 'Metadata/Item').filter(
    (item) => valueAt(item, '@Key') === 'ContentDefinitionReferenceId',
  );
  return find('ContentDefinition', ids.at(-1)?.text);
};

export const technicalProfile: Read<TechnicalProfile> = read.model({
  id: read.id,
  displayName: read.sourced('DisplayName'),
  domain: read.sourced('Domain'),
  protocol: read.sourced('Protocol/@Name'),
  handler: handlerOf,
  inputTokenFormat: read.sourced('InputTokenFormat'),
  outputTokenFormat: read.sourced('OutputTokenFormat'),
  metadata: read.byName('Metadata/Item', '@Key', read.placed(read.text('.'))),
  keys: read.byName('CryptographicKeys/Key', '@Id', read.placed(read.text('@StorageReferenceId'))),
  includeInSso: read.flag('IncludeInSso', true),
  contentDefinition,
  inputClaimsTransformations: transformations('InputClaimsTransformation'),
  inputClaims: read.list('InputClaims/InputClaim', claimReference),
  displayClaims: read.list('DisplayClaims/DisplayClaim', displayClaim),
  persistedClaims: read.list('PersistedClaims/PersistedClaim', claimReference),
  outputClaims: read.list('OutputClaims/OutputClaim', claimReference),
  outputClaimsTransformations: transformations('OutputClaimsTransformation'),
  validationProfiles: read.list(
    'ValidationTechnicalProfiles/ValidationTechnicalProfile',
    validationProfile('@ReferenceId'),
  ),
  subjectNamingInfo: read.sourced('SubjectNamingInfo/@ClaimType'),
  sessionProvider: read.reference(
    'TechnicalProfile',
    'UseTechnicalProfileForSessionManagement/@ReferenceId',
  ),
  enabledForUserJourneys: read.sourced('EnabledForUserJourneys'),
});

const exchange: Read<ClaimsExchange | undefined> = read.linked(['profile'], {
  id: read.id,
  profile: read.reference('TechnicalProfile', '@TechnicalProfileReferenceId'),
});

const step: Read<Omit<OrchestrationStep, 'selections'>> = read.model({
  order: read.integer('@Order', 0),
  type: read.text('@Type'),
  preconditions,
  contentDefinition: read.reference('ContentDefinition', '@ContentDefinitionReferenceId'),
  showsSingleProvider: (element) =>
    elementsAt(element, 'ClaimsProviderSelections').some(
      (selections) => valueAt(selections, '@DisplayOption') === 'ShowSingleProvider',
    ),
  exchanges: read.list('ClaimsExchanges/ClaimsExchange', exchange),
  issuer: read.reference('TechnicalProfile', '@CpimIssuerTechnicalProfileReferenceId'),
  subJourneys: read.list(
    'JourneyList/Candidate',
    read.reference('SubJourney', '@SubJourneyReferenceId'),
  ),
});

/** Steps run in their order, whatever their places in the file. */
const steps: Read<OrchestrationStep[]> = (element, find) =>
  elementsAt(element, 'OrchestrationSteps/OrchestrationStep')
    .map((it) => ({ element: it, ...step(it, find) }))
    .sort((one, other) => one.order - other.order)
    .map(({ element: written, ...parts }, index, all) => ({
      ...parts,
      // The choice of a step names an exchange of the following one.
      selections: selectionsOf(written).map((selection) => ({
        ...originOf(selection),
        target: named(all[index + 1], valueAt(selection, '@TargetClaimsExchangeId')),
        validation: named(parts, valueAt(selection, '@ValidationClaimsExchangeId')),
      })),
    }));

export const selectionsOf = (element: XmlElement): readonly XmlElement[] =>
  elementsAt(element, 'ClaimsProviderSelections/ClaimsProviderSelection');

const named = (
  step: Pick<OrchestrationStep, 'exchanges'> | undefined,
  name: string | undefined,
): ClaimsExchange | undefined =>
  step?.exchanges.find((one) => one.id.toLowerCase() === name?.toLowerCase());

export const userJourney: Read<UserJourney> = read.model({
  id: read.id,
  steps,
  defaultIssuer: read.reference(
    'TechnicalProfile',
    '@DefaultCpimIssuerTechnicalProfileReferenceId',
  ),
  authorizationProfiles: read.list(
    'Authorization/AuthorizationTechnicalProfiles/AuthorizationTechnicalProfile',
    read.reference('TechnicalProfile', '@ReferenceId'),
  ),
});

export const subJourney: Read<SubJourney> = read.model({
  id: read.id,
  type: (element) => (valueAt(element, '@Type') === 'Transfer' ? 'Transfer' : 'Call'),
  steps,
});
