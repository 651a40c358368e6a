import { ENUMERATIONS, STRUCTURE } from './structure-table.ts';
import { attributeValue, type XmlElement } from './xml-element.ts';

/** The content that an element may have. */
export interface Kind {
  readonly name: string;
  /** A later file replaces such an element as a whole. */
  readonly isWhole: boolean;
  readonly attributes: ReadonlyMap<string, AttributeRule>;
  readonly children: ReadonlyMap<string, ChildRule>;
  /** The type of its text, for an element without child elements. */
  readonly text: ValueType | undefined;
  /** Elements that nothing reads are not looked into. */
  readonly isOpen: boolean;
}

export interface AttributeRule {
  readonly type: ValueType;
  readonly isRequired: boolean;
}

export interface ChildRule {
  readonly name: string;
  readonly kind: Kind;
  readonly position: number;
  readonly isRequired: boolean;
  readonly isSingle: boolean;
  /** A list whose parts count as one. */
  readonly isSplit: boolean;
  readonly isList: boolean;
  readonly keys: readonly (readonly string[])[];
  /** A later file adds to the list, whatever it has. */
  readonly isAppended: boolean;
  readonly repeats: 'error' | 'warning' | 'allowed';
}

/** `string`, `boolean`, `int`, `culture`, `regex`, `PolicyId`, an enumeration, or `>Kind`. */
export type ValueType = string;

const CHILD = /^([A-Za-z]+)([?*+~]?)(?:\[([^\]]*)\])?(?::(=?)(\S+))?$/;
const textKinds = new Map<string, Kind>();

const KINDS = readTable();

export function kindOf(name: string): Kind {
  const kind = KINDS.get(name);
  if (!kind) throw new Error(`There is no kind of element "${name}"`);
  return kind;
}

/** The elements that may hold an element of this name, for one that stands elsewhere. */
export const parentsOf = (name: string): string[] =>
  [...KINDS.values()].filter((kind) => kind.children.has(name)).map((kind) => kind.name);

export const enumerationOf = (type: ValueType): readonly string[] | undefined =>
  (ENUMERATIONS as Record<string, readonly string[]>)[type];

/** Returns the key of an element in its list, case-insensitive; `undefined` if its list has no keys. */
export function keyOf(element: XmlElement, rule: ChildRule): string | undefined {
  for (const names of rule.keys) {
    const values = names.map((name) =>
      name === '#' ? element.text : attributeValue(element, name),
    );
    if (names.length > 1 || values[0] !== undefined) {
      return `${names.join()}=${values.map((value) => value ?? '').join('\n')}`.toLowerCase();
    }
  }
  return undefined;
}

function readTable(): ReadonlyMap<string, Kind> {
  const kinds = new Map<string, Kind & { children: Map<string, ChildRule> }>();
  const rows = STRUCTURE.trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    // A key may offer several attributes, between which the same sign stands.
    .map(([head = '', attributes = '', ...rest]) => [head, attributes, rest.join('|')] as const);
  for (const [head, attributes, children] of rows) {
    const name = head.replace(/^=/, '');
    const text = /^=(\S+)$/.exec(children)?.[1];
    kinds.set(name, {
      name,
      isWhole: head.startsWith('='),
      isOpen: name === 'Anything',
      attributes: new Map(words(attributes).map(readAttribute)),
      children: new Map(),
      text: text === 'text' ? 'string' : text,
    });
  }
  for (const [head, , children] of rows) {
    if (children.startsWith('=')) continue;
    const kind = kinds.get(head.replace(/^=/, ''));
    words(children).forEach((word, position) => {
      const rule = readChild(word, position, kinds);
      kind?.children.set(rule.name, rule);
    });
  }
  return kinds;
}

function words(cell: string): string[] {
  return cell.split(/\s+/).filter((word) => word !== '');
}

function readAttribute(word: string): [string, AttributeRule] {
  const [name = '', type = 'string'] = word.replace(/!$/, '').split(':');
  return [name, { type, isRequired: word.endsWith('!') }];
}

function readChild(word: string, position: number, kinds: ReadonlyMap<string, Kind>): ChildRule {
  const [, name = '', occurrence = '', keys, isText, type] = CHILD.exec(word) ?? [];
  const kind = isText ? textKind(type ?? 'string') : kinds.get(type ?? name);
  if (!kind) throw new Error(`The table of elements has no kind for ${word}`);
  const isSplit = occurrence === '~';
  return {
    name,
    kind,
    position,
    isSplit,
    isRequired: occurrence === '' || occurrence === '+',
    isSingle: occurrence === '' || occurrence === '?',
    isList: keys !== undefined,
    isAppended: keys === '+',
    keys:
      keys && keys !== '+'
        ? keys
            .replace(/[!?]$/, '')
            .split('|')
            .map((names) => names.split(','))
        : [],
    repeats: keys?.endsWith('!') ? 'error' : keys?.endsWith('?') ? 'warning' : 'allowed',
  };
}

function textKind(type: ValueType): Kind {
  const known = textKinds.get(type);
  if (known) return known;
  const empty = { attributes: new Map(), children: new Map(), isWhole: true, isOpen: false };
  const kind: Kind = { name: type, text: type, ...empty };
  textKinds.set(type, kind);
  return kind;
}
