import type {
  ClaimsExchange,
  OrchestrationStep,
  StepType,
  SubJourney,
  UserJourney,
} from '../policy/policy.ts';
import { buildPreconditions } from './build-profiles.ts';
import type { ModelLookups } from './model-lookups.ts';
import { idOf, integerOf } from './model-parts.ts';
import { attributeValue, elementsAt, originOf, type XmlElement } from './xml-element.ts';

export function buildUserJourney(element: XmlElement, lookups: ModelLookups): UserJourney {
  return {
    ...originOf(element),
    id: idOf(element),
    steps: buildSteps(element, lookups),
    defaultIssuer: lookups.technicalProfile(
      attributeValue(element, 'DefaultCpimIssuerTechnicalProfileReferenceId'),
    ),
    authorizationProfiles: elementsAt(
      element,
      'Authorization',
      'AuthorizationTechnicalProfiles',
      'AuthorizationTechnicalProfile',
    ).flatMap((it) => lookups.technicalProfile(attributeValue(it, 'ReferenceId')) ?? []),
  };
}

export function buildSubJourney(element: XmlElement, lookups: ModelLookups): SubJourney {
  return {
    ...originOf(element),
    id: idOf(element),
    type: attributeValue(element, 'Type') === 'Transfer' ? 'Transfer' : 'Call',
    steps: buildSteps(element, lookups),
  };
}

/** Steps run in their order, whatever their places in the file. */
function buildSteps(element: XmlElement, lookups: ModelLookups): OrchestrationStep[] {
  const drafts = elementsAt(element, 'OrchestrationSteps', 'OrchestrationStep')
    .map((step) => ({
      step,
      order: integerOf(attributeValue(step, 'Order'), 0),
      exchanges: buildExchanges(step, lookups),
    }))
    .sort((one, other) => one.order - other.order);
  return drafts.map(({ step, order, exchanges }, index) => ({
    ...originOf(step),
    order,
    type: attributeValue(step, 'Type') as StepType,
    preconditions: buildPreconditions(step, lookups),
    contentDefinition: lookups.contentDefinition(
      attributeValue(step, 'ContentDefinitionReferenceId'),
    ),
    showsSingleProvider: elementsAt(step, 'ClaimsProviderSelections').some(
      (list) => attributeValue(list, 'DisplayOption') === 'ShowSingleProvider',
    ),
    // The choice of a step names an exchange of the following one.
    selections: selectionsOf(step).map((selection) => ({
      ...originOf(selection),
      target: find(
        drafts[index + 1]?.exchanges,
        attributeValue(selection, 'TargetClaimsExchangeId'),
      ),
      validation: find(exchanges, attributeValue(selection, 'ValidationClaimsExchangeId')),
    })),
    exchanges,
    issuer: lookups.technicalProfile(attributeValue(step, 'CpimIssuerTechnicalProfileReferenceId')),
    subJourneys: elementsAt(step, 'JourneyList', 'Candidate').flatMap(
      (it) => lookups.subJourney(attributeValue(it, 'SubJourneyReferenceId')) ?? [],
    ),
  }));
}

export const selectionsOf = (step: XmlElement): readonly XmlElement[] =>
  elementsAt(step, 'ClaimsProviderSelections', 'ClaimsProviderSelection');

function buildExchanges(step: XmlElement, lookups: ModelLookups): ClaimsExchange[] {
  return elementsAt(step, 'ClaimsExchanges', 'ClaimsExchange').flatMap((exchange) => {
    const profile = lookups.technicalProfile(
      attributeValue(exchange, 'TechnicalProfileReferenceId'),
    );
    return profile ? [{ ...originOf(exchange), id: idOf(exchange), profile }] : [];
  });
}

function find(
  exchanges: readonly ClaimsExchange[] | undefined,
  id: string | undefined,
): ClaimsExchange | undefined {
  return exchanges?.find((exchange) => exchange.id.toLowerCase() === id?.toLowerCase());
}
