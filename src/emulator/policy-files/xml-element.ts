import type { Origin, Sourced } from '../policy/origin.ts';

export interface XmlAttribute extends Sourced<string> {
  readonly name: string;
}

export interface XmlElement extends Origin {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Without white space at both ends. */
  readonly text: string;
  /** Where the text ends, in an element that has child elements too. */
  readonly textOrigin?: Origin;
  /** Written as `<Name>…</Name>` with white space alone between the tags. */
  readonly isBlank: boolean;
}

export const originOf = ({ file, line, column }: Origin): Origin => ({ file, line, column });

export const attributeOf = (
  element: XmlElement | undefined,
  name: string,
): XmlAttribute | undefined => element?.attributes.find((attribute) => attribute.name === name);

export const attributeValue = (element: XmlElement | undefined, name: string): string | undefined =>
  attributeOf(element, name)?.value;

export const idOf = (element: XmlElement): string => attributeValue(element, 'Id') ?? '';

export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

/** The elements at a path such as `Metadata/Item`, through repeated containers too. */
export function elementsAt(element: XmlElement | undefined, path: string): readonly XmlElement[] {
  let found: readonly XmlElement[] = element ? [element] : [];
  for (const name of path.split('/')) {
    const next: XmlElement[] = [];
    for (const { children } of found) {
      for (const child of children) if (child.name === name) next.push(child);
    }
    if (next.length === 0) return next;
    found = next;
  }
  return found;
}

/** The text of the first element at a path such as `Mask`, or its attribute: `Mask/@Regex`. `.` is the element. */
export function sourcedAt(
  element: XmlElement | undefined,
  path: string,
): Sourced<string> | undefined {
  let found = element;
  for (const name of path.split('/')) {
    if (name.startsWith('@')) {
      const attribute = attributeOf(found, name.slice(1));
      return attribute && { ...originOf(attribute), value: attribute.value };
    }
    if (name !== '.') found = childOf(found, name);
  }
  return found && { ...originOf(found), value: found.text };
}

export const valueAt = (element: XmlElement | undefined, path: string): string | undefined =>
  sourcedAt(element, path)?.value;
