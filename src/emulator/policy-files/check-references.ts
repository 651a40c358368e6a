import type { Origin } from '../policy/origin.ts';
import { type Chain, isDefined } from './chains.ts';
import type { DefinitionKind } from './policy-file.ts';
import type { Report, RuleId, Suggest } from './rules.ts';
import { type Kind, kindOf } from './structure.ts';
import { attributeValue, type XmlElement } from './xml-element.ts';

/** The rule and the words for each kind of element that others refer to. */
const REFERENCES: Record<DefinitionKind, { rule: RuleId; name: string }> = {
  ClaimType: { rule: 'unknown-claim-type', name: 'claim type' },
  Predicate: { rule: 'unknown-predicate', name: 'predicate' },
  InputValidation: { rule: 'unknown-input-validation', name: 'input validation' },
  PredicateValidation: { rule: 'unknown-predicate-validation', name: 'predicate validation' },
  ClaimsTransformation: { rule: 'unknown-claims-transformation', name: 'claims transformation' },
  ClientDefinition: { rule: 'unknown-client-definition', name: 'client definition' },
  ContentDefinition: { rule: 'unknown-content-definition', name: 'content definition' },
  LocalizedResources: { rule: 'unknown-localized-resources', name: 'LocalizedResources element' },
  DisplayControl: { rule: 'unknown-display-control', name: 'display control' },
  TechnicalProfile: { rule: 'unknown-technical-profile', name: 'technical profile' },
  UserJourney: { rule: 'unknown-user-journey', name: 'user journey' },
  SubJourney: { rule: 'unknown-sub-journey', name: 'sub journey' },
};

/**
 * Checks that whatever the last file of a chain refers to is in that file or in one that it inherits
 * from. What the earlier files refer to is checked with their own chains.
 */
export function checkReferences(
  chain: Chain,
  { report, suggest }: { report: Report; suggest: Suggest },
): void {
  const file = chain.at(-1);
  if (file) checkElement(file.root, kindOf('TrustFrameworkPolicy'));

  function checkElement(element: XmlElement, kind: Kind): void {
    for (const attribute of element.attributes) {
      const target = targetOf(kind.attributes.get(attribute.name)?.type);
      if (target) checkReference(attribute.value, target, attribute);
    }
    const target = targetOf(kind.text);
    if (target && kind.attributes.size === 0) checkReference(element.text, target, element);
    if (element.name === 'Item' && kind.name === 'Item') checkMetadata(element);
    if (element.name === 'Precondition') checkPrecondition(element);
    for (const child of element.children) {
      const rule = kind.children.get(child.name);
      if (rule) checkElement(child, rule.kind);
    }
  }

  function checkReference(id: string, kind: DefinitionKind, at: Origin): void {
    if (id === '' || isDefined(chain, kind, id)) return;
    const { rule, name } = REFERENCES[kind];
    const known = () => idsOf(chain, kind);
    const trimmed = id.trim();
    const isSpaced = trimmed !== id && isDefined(chain, kind, trimmed);
    const end = isSpaced ? '; it has white space around it' : suggest(id, known);
    report(rule, at, `There is no ${name} "${id}"${end}`);
  }

  function checkMetadata(item: XmlElement): void {
    const key = item.attributes.find(({ name }) => name === 'Key')?.value;
    if (key === 'ContentDefinitionReferenceId') {
      checkReference(item.text, 'ContentDefinition', item);
    }
  }

  function checkPrecondition(precondition: XmlElement): void {
    const [claim] = precondition.children.filter(({ name }) => name === 'Value');
    if (claim) checkReference(claim.text, 'ClaimType', claim);
  }
}

const idsOf = (chain: Chain, kind: DefinitionKind) =>
  chain.flatMap((file) =>
    [...file.definitions[kind].values()].map((it) => attributeValue(it, 'Id') ?? ''),
  );

function targetOf(type: string | undefined): DefinitionKind | undefined {
  return type?.startsWith('>') ? (type.slice(1) as DefinitionKind) : undefined;
}
