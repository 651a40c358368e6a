import type {
  ClaimReference,
  DisplayClaim,
  DisplayControl,
  Precondition,
  ProtocolName,
  TechnicalProfile,
  ValidationProfile,
} from '../policy/technical-profile.ts';
import { handlerOf } from './handler-table.ts';
import type { ModelLookups } from './model-lookups.ts';
import { idOf, isTrue, sourced, sourcedAttribute, textOf, textsBy } from './model-parts.ts';
import { attributeValue, childOf, elementsAt, originOf, type XmlElement } from './xml-element.ts';

export function buildTechnicalProfile(
  element: XmlElement,
  lookups: ModelLookups,
): TechnicalProfile {
  const protocol = childOf(element, 'Protocol');
  const session = childOf(element, 'UseTechnicalProfileForSessionManagement');
  const includeInSso = childOf(element, 'IncludeInSso');
  const metadata = textsBy(elementsAt(element, 'Metadata', 'Item'), 'Key');
  const transformations = (name: string) =>
    elementsAt(element, `${name}s`, name).flatMap(
      (it) => lookups.claimsTransformation(attributeValue(it, 'ReferenceId')) ?? [],
    );
  const claims = (list: string, item: string) => buildClaims(element, [list, item], lookups);
  return {
    ...originOf(element),
    id: idOf(element),
    displayName: textOf(element, 'DisplayName'),
    domain: textOf(element, 'Domain'),
    protocol: sourcedAttribute<ProtocolName>(protocol, 'Name'),
    handler: handlerOf({
      protocol: protocol && attributeValue(protocol, 'Name'),
      handler: protocol && attributeValue(protocol, 'Handler'),
      outputTokenFormat: childOf(element, 'OutputTokenFormat')?.text,
      hasEndpoint: metadata.has('METADATA') || metadata.has('authorization_endpoint'),
    }),
    inputTokenFormat: textOf(element, 'InputTokenFormat'),
    outputTokenFormat: textOf(element, 'OutputTokenFormat'),
    metadata,
    keys: new Map(
      elementsAt(element, 'CryptographicKeys', 'Key').map((key) => [
        idOf(key),
        sourced(key, attributeValue(key, 'StorageReferenceId') ?? ''),
      ]),
    ),
    includeInSso: !includeInSso || isTrue(includeInSso.text),
    contentDefinition: lookups.contentDefinition(
      metadata.get('ContentDefinitionReferenceId')?.value,
    ),
    inputClaimsTransformations: transformations('InputClaimsTransformation'),
    inputClaims: claims('InputClaims', 'InputClaim'),
    displayClaims: buildDisplayClaims(element, lookups),
    persistedClaims: claims('PersistedClaims', 'PersistedClaim'),
    outputClaims: claims('OutputClaims', 'OutputClaim'),
    outputClaimsTransformations: transformations('OutputClaimsTransformation'),
    validationProfiles: elementsAt(
      element,
      'ValidationTechnicalProfiles',
      'ValidationTechnicalProfile',
    ).flatMap((it) => buildValidationProfile(it, 'ReferenceId', lookups)),
    subjectNamingInfo: sourcedAttribute(childOf(element, 'SubjectNamingInfo'), 'ClaimType'),
    sessionProvider: lookups.technicalProfile(session && attributeValue(session, 'ReferenceId')),
    enabledForUserJourneys: textOf(element, 'EnabledForUserJourneys'),
  };
}

function buildClaims(
  element: XmlElement,
  path: readonly string[],
  { claimType: find }: ModelLookups,
): ClaimReference[] {
  return elementsAt(element, ...path).flatMap((claim) => {
    const claimType = find(attributeValue(claim, 'ClaimTypeReferenceId'));
    if (!claimType) return [];
    return {
      ...originOf(claim),
      claimType,
      partnerClaimType: attributeValue(claim, 'PartnerClaimType'),
      defaultValue: attributeValue(claim, 'DefaultValue'),
      alwaysUseDefaultValue: isTrue(attributeValue(claim, 'AlwaysUseDefaultValue')),
      isRequired: isTrue(attributeValue(claim, 'Required')),
    };
  });
}

function buildDisplayClaims(element: XmlElement, lookups: ModelLookups): DisplayClaim[] {
  return elementsAt(element, 'DisplayClaims', 'DisplayClaim').flatMap((claim) => {
    const claimType = lookups.claimType(attributeValue(claim, 'ClaimTypeReferenceId'));
    const displayControl = lookups.displayControl(
      attributeValue(claim, 'DisplayControlReferenceId'),
    );
    if (!claimType && !displayControl) return [];
    return {
      ...originOf(claim),
      claimType,
      displayControl,
      controlClaimType: attributeValue(claim, 'ControlClaimType'),
      isRequired: isTrue(attributeValue(claim, 'Required')),
    };
  });
}

export function buildDisplayControl(element: XmlElement, lookups: ModelLookups): DisplayControl {
  const exchange = [
    'ValidationClaimsExchange',
    'ValidationClaimsExchangeTechnicalProfile',
  ] as const;
  return {
    ...originOf(element),
    id: idOf(element),
    type: attributeValue(element, 'UserInterfaceControlType') ?? '',
    inputClaims: buildClaims(element, ['InputClaims', 'InputClaim'], lookups),
    displayClaims: buildDisplayClaims(element, lookups),
    outputClaims: buildClaims(element, ['OutputClaims', 'OutputClaim'], lookups),
    actions: elementsAt(element, 'Actions', 'Action').map((action) => ({
      ...originOf(action),
      id: idOf(action),
      validationProfiles: elementsAt(action, ...exchange).flatMap((it) =>
        buildValidationProfile(it, 'TechnicalProfileReferenceId', lookups),
      ),
    })),
  };
}

function buildValidationProfile(
  element: XmlElement,
  reference: string,
  lookups: ModelLookups,
): ValidationProfile[] {
  const profile = lookups.technicalProfile(attributeValue(element, reference));
  if (!profile) return [];
  const continueOnSuccess = attributeValue(element, 'ContinueOnSuccess');
  return [
    {
      ...originOf(element),
      profile,
      preconditions: buildPreconditions(element, lookups),
      continueOnSuccess: continueOnSuccess === undefined || isTrue(continueOnSuccess),
      continueOnError: isTrue(attributeValue(element, 'ContinueOnError')),
    },
  ];
}

export function buildPreconditions(
  element: XmlElement,
  { claimType: find }: ModelLookups,
): Precondition[] {
  return elementsAt(element, 'Preconditions', 'Precondition').flatMap((precondition) => {
    const [claim, value] = elementsAt(precondition, 'Value').map(({ text }) => text);
    const claimType = find(claim);
    if (!claimType) return [];
    return {
      ...originOf(precondition),
      type: attributeValue(precondition, 'Type') as Precondition['type'],
      executeActionsIf: isTrue(attributeValue(precondition, 'ExecuteActionsIf')),
      claimType,
      value,
      action: childOf(precondition, 'Action')?.text ?? '',
    };
  });
}
