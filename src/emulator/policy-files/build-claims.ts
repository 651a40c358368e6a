import type {
  ClaimsTransformation,
  ClaimType,
  DataType,
  EnumerationItem,
  Predicate,
  PredicateGroup,
  PredicateMethod,
  PredicateValidation,
  TransformationClaim,
} from '../policy/claims.ts';
import type { ModelLookups } from './model-lookups.ts';
import { idOf, integerOf, isTrue, sourced, textOf, textsBy } from './model-parts.ts';
import { methodName } from './transformation-table.ts';
import { attributeValue, childOf, elementsAt, originOf, type XmlElement } from './xml-element.ts';

export function buildClaimType(element: XmlElement, lookups: ModelLookups): ClaimType {
  const restriction = childOf(element, 'Restriction');
  const mask = childOf(element, 'Mask');
  const pattern = childOf(restriction, 'Pattern');
  const validation = childOf(element, 'PredicateValidationReference');
  const regex = mask && attributeValue(mask, 'Regex');
  const type = mask && attributeValue(mask, 'Type') === 'Regex' ? 'Regex' : 'Simple';
  return {
    ...originOf(element),
    id: idOf(element),
    dataType: textOf(element, 'DataType'),
    displayName: textOf(element, 'DisplayName'),
    userHelpText: textOf(element, 'UserHelpText'),
    adminHelpText: textOf(element, 'AdminHelpText'),
    userInputType: textOf(element, 'UserInputType'),
    mask:
      mask && sourced(mask, { type, text: mask.text, ...(regex !== undefined ? { regex } : {}) }),
    pattern:
      pattern &&
      sourced(pattern, {
        regularExpression: attributeValue(pattern, 'RegularExpression') ?? '',
        helpText: attributeValue(pattern, 'HelpText'),
      }),
    enumeration: elementsAt(restriction, 'Enumeration').map(buildEnumerationItem),
    predicateValidation: lookups.predicateValidation(validation && idOf(validation)),
    partnerClaimTypes: new Map(
      elementsAt(element, 'DefaultPartnerClaimTypes', 'Protocol').map((protocol) => [
        attributeValue(protocol, 'Name') ?? '',
        attributeValue(protocol, 'PartnerClaimType') ?? '',
      ]),
    ),
  };
}

export const buildEnumerationItem = (element: XmlElement): EnumerationItem => ({
  ...originOf(element),
  text: attributeValue(element, 'Text') ?? '',
  value: attributeValue(element, 'Value') ?? '',
  selectByDefault: isTrue(attributeValue(element, 'SelectByDefault')),
});

export function buildPredicateValidation(
  element: XmlElement,
  { find }: ModelLookups,
): PredicateValidation {
  return {
    ...originOf(element),
    id: idOf(element),
    groups: elementsAt(element, 'PredicateGroups', 'PredicateGroup').map((group) =>
      buildPredicateGroup(group, find),
    ),
  };
}

function buildPredicateGroup(element: XmlElement, find: ModelLookups['find']): PredicateGroup {
  const predicates = elementsAt(element, 'PredicateReferences', 'PredicateReference').flatMap(
    (reference) => {
      const predicate = find('Predicate', idOf(reference));
      return predicate ? [buildPredicate(predicate)] : [];
    },
  );
  const references = childOf(element, 'PredicateReferences');
  const atLeast = references && attributeValue(references, 'MatchAtLeast');
  return {
    ...originOf(element),
    id: idOf(element),
    userHelpText: childOf(element, 'UserHelpText')?.text,
    matchAtLeast: integerOf(atLeast, predicates.length),
    predicates,
  };
}

export function buildPredicate(element: XmlElement): Predicate {
  const parameters = textsBy(elementsAt(element, 'Parameters', 'Parameter'), 'Id');
  return {
    ...originOf(element),
    id: idOf(element),
    method: (attributeValue(element, 'Method') ?? '') as PredicateMethod,
    helpText: attributeValue(element, 'HelpText') ?? childOf(element, 'UserHelpText')?.text,
    parameters: new Map([...parameters].map(([id, { value }]) => [id, value])),
  };
}

export function buildClaimsTransformation(
  element: XmlElement,
  lookups: ModelLookups,
): ClaimsTransformation {
  const claims = (list: string, item: string) =>
    elementsAt(element, list, item).flatMap((claim) => buildTransformationClaim(claim, lookups));
  const method = attributeValue(element, 'TransformationMethod') ?? '';
  return {
    ...originOf(element),
    id: idOf(element),
    method: methodName(method) ?? method,
    inputClaims: claims('InputClaims', 'InputClaim'),
    inputParameters: elementsAt(element, 'InputParameters', 'InputParameter').map((parameter) => ({
      ...originOf(parameter),
      id: idOf(parameter),
      dataType: (attributeValue(parameter, 'DataType') ?? 'string') as DataType,
      value: attributeValue(parameter, 'Value') ?? '',
    })),
    outputClaims: claims('OutputClaims', 'OutputClaim'),
  };
}

function buildTransformationClaim(
  element: XmlElement,
  { claimType: find }: ModelLookups,
): TransformationClaim[] {
  const claimType = find(attributeValue(element, 'ClaimTypeReferenceId'));
  const argument = attributeValue(element, 'TransformationClaimType');
  return claimType ? [{ ...originOf(element), claimType, argument }] : [];
}
