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
  const merged: XmlElement[] = [];
  const used = new Set<string>();
  for (const element of earlier) {
    const key = keyOf(element, rule) ?? '';
    const [first, ...rest] = added.get(key) ?? [];
    if (!first) merged.push(element);
    else if (!used.has(key)) merged.push(mergeElements(element, first, rule.kind), ...rest);
    if (first) used.add(key);
  }
  const fresh = later.filter((element) => !used.has(keyOf(element, rule) ?? ''));
  return mode === 'Prepend' ? [...fresh, ...merged] : [...merged, ...fresh];
}
