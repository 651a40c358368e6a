import type { Origin } from '../policy/origin.ts';
import { type Chain, isDefined } from './chains.ts';
import type { DefinitionKind } from './policy-file.ts';
import type { Reporter, RuleId } from './rules.ts';
import { type Kind, kindOf } from './structure.ts';
import { attributeValue, elementsAt, idOf, type XmlElement } from './xml-element.ts';

/** The rule for each kind of element that others refer to. */
const RULES = {
  ClaimType: 'unknown-claim-type',
  Predicate: 'unknown-predicate',
  InputValidation: 'unknown-input-validation',
  PredicateValidation: 'unknown-predicate-validation',
  ClaimsTransformation: 'unknown-claims-transformation',
  ClientDefinition: 'unknown-client-definition',
  ContentDefinition: 'unknown-content-definition',
  LocalizedResources: 'unknown-localized-resources',
  DisplayControl: 'unknown-display-control',
  TechnicalProfile: 'unknown-technical-profile',
  UserJourney: 'unknown-user-journey',
  SubJourney: 'unknown-sub-journey',
} as const satisfies Record<DefinitionKind, RuleId>;

/**
 * Checks that whatever the last file of a chain refers to is in that file or in one that it inherits
 * from. What the earlier files refer to is checked with their own chains.
 */
export function checkReferences(chain: Chain, { report, suggest }: Reporter): void {
  const file = chain.at(-1);
  if (file) checkElement(file.root, kindOf('TrustFrameworkPolicy'));

  function checkElement(element: XmlElement, kind: Kind): void {
    for (const attribute of element.attributes) {
      const target = targetOf(kind.attributes.get(attribute.name)?.type);
      if (target) checkReference(attribute.value, target, attribute);
    }
    const target = kind.attributes.size === 0 ? targetOf(kind.text) : undefined;
    if (target) checkReference(element.text, target, element);
    if (element.name === 'Item' && attributeValue(element, 'Key') === CONTENT_DEFINITION) {
      checkReference(element.text, 'ContentDefinition', element);
    }
    const [claim] = element.name === 'Precondition' ? elementsAt(element, 'Value') : [];
    if (claim) checkReference(claim.text, 'ClaimType', claim);
    for (const child of element.children) {
      const rule = kind.children.get(child.name);
      if (rule) checkElement(child, rule.kind);
    }
  }

  function checkReference(id: string, kind: DefinitionKind, at: Origin): void {
    if (id === '' || isDefined(chain, kind, id)) return;
    const isSpaced = id.trim() !== id && isDefined(chain, kind, id.trim());
    const known = () => chain.flatMap((it) => [...it.definitions[kind].values()].map(idOf));
    const suggestion = isSpaced ? '; it has white space around it' : suggest(id, known);
    report(RULES[kind], at, { id, suggestion });
  }
}

const CONTENT_DEFINITION = 'ContentDefinitionReferenceId';

const targetOf = (type: string | undefined): DefinitionKind | undefined =>
  type?.startsWith('>') ? (type.slice(1) as DefinitionKind) : undefined;
