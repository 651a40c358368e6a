import type { Origin } from '../policy/origin.ts';
import type { Position } from './positions.ts';
import type { XmlAttribute, XmlElement } from './xml-element.ts';

const ATTRIBUTE = /(\s+)([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')/y;
/** Most elements have no children; a separate array would be larger than the element. */
const NOTHING: XmlElement[] = [];
const NO_ATTRIBUTES: readonly XmlAttribute[] = [];

/** An element that is not closed yet. */
type Draft = { -readonly [Member in keyof XmlElement]: XmlElement[Member] } & {
  children: XmlElement[];
  textEnd: number;
};

interface OpenedTag {
  readonly name: string;
  readonly start: number;
  /** As the parser gives them, in their order. */
  readonly values: readonly { name: string; value: string }[];
}

/** An attribute that occurs twice in a tag, of which the parser gives only the first. */
export class RepeatedAttribute extends Error {
  readonly origin: Origin;
  constructor(name: string, origin: Origin) {
    super(`The attribute ${name} occurs twice`);
    this.origin = origin;
  }
}

/** Puts elements together while a document is read. */
export function createXmlTree(
  text: string,
  { position, substitute }: { position: Position; substitute: (value: string) => string },
) {
  const open: Draft[] = [];
  let root: Draft | undefined;
  const known = new Map<string, string>();
  // The parser concatenates strings one character at a time; a known string costs less than such a rope.
  const intern = (value: string) => {
    const found = known.get(value);
    if (found === undefined) known.set(value, value);
    return found ?? value;
  };

  /** The parser gives values; only the text has their places. */
  function readAttributes({ name: tag, start, values }: OpenedTag): readonly XmlAttribute[] {
    if (values.length === 0) return NO_ATTRIBUTES;
    ATTRIBUTE.lastIndex = start + 1 + tag.length;
    const attributes = values.map(({ name, value }) => {
      const [written, space, writtenName = ''] = ATTRIBUTE.exec(text) ?? [''];
      const origin = position(ATTRIBUTE.lastIndex - written.length + (space?.length ?? 0));
      if (writtenName !== name) throw new RepeatedAttribute(writtenName, origin);
      const { file, line, column } = origin;
      return { file, line, column, name: intern(name), value: intern(substitute(value)) };
    });
    const [, space = '', name] = ATTRIBUTE.exec(text) ?? [];
    if (name === undefined) return attributes;
    const end = text.lastIndexOf(`${space}${name}`, ATTRIBUTE.lastIndex - 1);
    throw new RepeatedAttribute(name, position(end + space.length));
  }

  return {
    get depth() {
      return open.length;
    },
    get root(): XmlElement | undefined {
      return root;
    },
    open(tag: OpenedTag): void {
      const { file, line, column } = position(tag.start);
      // One literal: objects that are put together from others take several times as long and as much.
      const element: Draft = {
        file,
        line,
        column,
        name: intern(tag.name),
        attributes: readAttributes(tag),
        children: NOTHING,
        text: '',
        textEnd: 0,
        isBlank: false,
      };
      const parent = open.at(-1);
      if (parent?.children === NOTHING) parent.children = [element];
      else parent?.children.push(element);
      open.push(element);
      root ??= element;
    },
    /** Takes a piece of text that ends before `end`. */
    addText(value: string, end: number): void {
      const element = open.at(-1);
      if (!element) return;
      if (value.trim() === '') element.isBlank = true;
      else {
        element.text += value;
        element.textEnd = end;
      }
    },
    close(): void {
      const element = open.pop();
      if (!element) return;
      const hasChildren = element.children.length > 0;
      if (element.text !== '' && hasChildren) {
        element.textOrigin = position(text.slice(0, element.textEnd).trimEnd().length - 1);
      }
      element.text = element.text === '' ? '' : intern(substitute(element.text.trim()));
      element.isBlank &&= element.text === '' && !hasChildren;
    },
  };
}
