import { type ChildRule, type Kind, keyOf } from './structure.ts';
import { attributeValue, type XmlElement } from './xml-element.ts';

/**
 * Lays an element of a later file over the one of an earlier file: attributes and texts replace those of
 * the same name, elements of a list those of the same key, and the rest stays. The result shares what did
 * not change.
 */
export function mergeElements(earlier: XmlElement, later: XmlElement, kind: Kind): XmlElement {
  if (kind.isWhole || kind.text !== undefined || kind.children.size === 0) return later;
  const children: XmlElement[] = [];
  for (const rule of kind.children.values()) {
    const before = partsOf(earlier, rule);
    const after = partsOf(later, rule);
    if (after.length === 0) children.push(...before);
    else if (before.length === 0) children.push(...after);
    else if (rule.isList) children.push(...mergeLists(before, after, { rule, behavior: later }));
    else children.push(mergeElements(before[0] as XmlElement, after[0] as XmlElement, rule.kind));
  }
  const replaced = new Set(later.attributes.map(({ name }) => name));
  const kept = earlier.attributes.filter(({ name }) => !replaced.has(name));
  return { ...later, attributes: [...kept, ...later.attributes], children };
}

/** The children of one rule, where a list in several parts counts as one. */
function partsOf(element: XmlElement, rule: ChildRule): XmlElement[] {
  const parts = element.children.filter((child) => child.name === rule.name);
  const [first] = parts;
  if (!rule.isSplit || !first || parts.length === 1) return parts;
  return [{ ...first, children: parts.flatMap((part) => part.children) }];
}

function mergeLists(
  earlier: readonly XmlElement[],
  later: readonly XmlElement[],
  { rule, behavior }: { rule: ChildRule; behavior: XmlElement },
): readonly XmlElement[] {
  if (rule.isAppended) return [...earlier, ...later];
  const mode = attributeValue(behavior, 'MergeBehavior');
  if (rule.keys.length === 0 || mode === 'ReplaceAll') return later;
  const added = new Map<string, XmlElement[]>();
  for (const element of later) {
    const key = keyOf(element, rule) ?? '';
    added.set(key, [...(added.get(key) ?? []), element]);
  }
  const { fresh, inFrontOf } = placeFresh(earlier, later, rule);
  const merged: XmlElement[] = [];
  const used = new Set<string>();
  for (const element of earlier) {
    const key = keyOf(element, rule) ?? '';
    const [first, ...rest] = added.get(key) ?? [];
    if (!first) merged.push(element);
    else if (!used.has(key)) {
      const placed = inFrontOf.get(key) ?? [];
      merged.push(...placed, mergeElements(element, first, rule.kind), ...rest);
    }
    if (first) used.add(key);
  }
  return mode === 'Prepend' ? [...fresh, ...merged] : [...merged, ...fresh];
}

/** Lists that run in their order. Published policies repeat a validation to put another one in front of it. */
const RUNNING = /^(ValidationTechnicalProfile|(Input|Output)ClaimsTransformation)$/;

/** The elements that only the later file has: in front of one that it repeats, or at an end of the list. */
function placeFresh(
  earlier: readonly XmlElement[],
  later: readonly XmlElement[],
  rule: ChildRule,
): { fresh: readonly XmlElement[]; inFrontOf: ReadonlyMap<string, readonly XmlElement[]> } {
  const known = new Set(earlier.map((element) => keyOf(element, rule) ?? ''));
  const inFrontOf = new Map<string, readonly XmlElement[]>();
  let fresh: XmlElement[] = [];
  for (const element of later) {
    const key = keyOf(element, rule) ?? '';
    if (!known.has(key)) fresh.push(element);
    else if (RUNNING.test(rule.name) && !inFrontOf.has(key)) {
      inFrontOf.set(key, fresh);
      fresh = [];
    }
  }
  return { fresh, inFrontOf };
}
