import type { Origin } from '../policy/origin.ts';

export interface XmlAttribute extends Origin {
  readonly name: string;
  readonly value: string;
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

export const attributeOf = (element: XmlElement, name: string): XmlAttribute | undefined =>
  element.attributes.find((attribute) => attribute.name === name);

export const attributeValue = (element: XmlElement, name: string): string | undefined =>
  attributeOf(element, name)?.value;

export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The elements below `element` at a path of names, through repeated containers too. */
export function elementsAt(
  element: XmlElement | undefined,
  ...path: string[]
): readonly XmlElement[] {
  let found: readonly XmlElement[] = element ? [element] : [];
  for (const name of path) {
    const next: XmlElement[] = [];
    for (const { children } of found) {
      for (const child of children) if (child.name === name) next.push(child);
    }
    if (next.length === 0) return next;
    found = next;
  }
  return found;
}

export const originOf = ({ file, line, column }: Origin): Origin => ({ file, line, column });
