import type { Chain } from './chains.ts';
import { createDefinitions, mergedPart } from './definitions.ts';
import type { XmlAttribute, XmlElement } from './xml-element.ts';

/** A value with the place that it came from. */
interface ShownValue {
  value: string;
  file: string;
  line: number;
}

/** One element of a merged policy, in the form of `policies show --json`. */
export interface ShownElement {
  element: string;
  file: string;
  line: number;
  attributes?: Record<string, ShownValue>;
  text?: ShownValue;
  children?: ShownElement[];
}

/** The merged policy at the end of a chain, with included technical profiles. */
export function mergePolicy(chain: Chain): XmlElement | undefined {
  const root = chain.at(-1)?.root;
  if (!root) return undefined;
  const find = createDefinitions(chain, () => {});
  const ids = new Set(chain.flatMap((file) => [...file.definitions.TechnicalProfile.keys()]));
  const profiles = [...ids].flatMap((id) => find('TechnicalProfile', id) ?? []);
  const [provider] = chain.flatMap((file) => file.root.children).filter(isProviders);
  const part = (name: string) => mergedPart(chain, name) ?? [];
  return {
    ...root,
    children: [
      part('BuildingBlocks'),
      provider && profiles.length > 0 ? { ...provider, children: profiles } : [],
      part('UserJourneys'),
      part('SubJourneys'),
      part('RelyingParty'),
    ].flat(),
  };
}

const isProviders = ({ name }: XmlElement) => name === 'ClaimsProviders';

export function toShownElement(element: XmlElement): ShownElement {
  const { name, file, line, attributes, children, text } = element;
  return {
    element: name,
    file,
    line,
    ...(attributes.length > 0 ? { attributes: shownAttributes(attributes) } : {}),
    ...(text !== '' ? { text: { value: text, file, line } } : {}),
    ...(children.length > 0 ? { children: children.map(toShownElement) } : {}),
  };
}

const shownAttributes = (attributes: readonly XmlAttribute[]): Record<string, ShownValue> =>
  Object.fromEntries(
    attributes.map(({ name, value, file, line }) => [name, { value, file, line }]),
  );

/** The policy as lines: the place of each element, then the element. */
export function showAsText(element: XmlElement): string {
  const lines: { place: string; shown: string }[] = [];
  const add = (current: XmlElement, depth: number) => {
    const place = `${current.file}:${current.line}`;
    lines.push({ place, shown: `${'  '.repeat(depth)}${describe(current)}` });
    for (const child of current.children) add(child, depth + 1);
  };
  add(element, 0);
  const width = lines.reduce((most, { place }) => Math.max(most, place.length), 0);
  return lines.map(({ place, shown }) => `${place.padEnd(width)}  ${shown}`).join('\n');
}

function describe(element: XmlElement): string {
  const attributes = element.attributes.map((attribute) => {
    const isElsewhere = attribute.file !== element.file;
    const place = isElsewhere ? ` (${attribute.file}:${attribute.line})` : '';
    return `${attribute.name}="${attribute.value}"${place}`;
  });
  const text = element.text === '' ? [] : [element.text.replace(/\s+/g, ' ')];
  return [element.name, ...attributes, ...text].join(' ');
}
