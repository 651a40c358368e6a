import { ENUMERATION_TABLE, STRUCTURE } from './structure-table.ts';
import { rowsOf, wordsOf } from './table.ts';
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
  /** The rule for a second element with the same key in one file. */
  readonly repeats: 'duplicate-id' | 'duplicate-item' | undefined;
}

/** `string`, `boolean`, `int`, `culture`, `regex`, `PolicyId`, an enumeration, or `>Kind`. */
export type ValueType = string;

/** The allowed values of each enumeration. */
export const ENUMERATIONS: ReadonlyMap<ValueType, readonly string[]> = new Map(
  rowsOf(ENUMERATION_TABLE).map(([name = '', values = '']) => [name, wordsOf(values)]),
);

const REPEATS = { '!': 'duplicate-id', '?': 'duplicate-item' } as const;
const CHILD = /^([A-Za-z]+)([?*+~]?)(?:\[([^\]]*?)([!?]?)\])?(?::(=?)(\S+))?$/;

const KINDS = readTable();

export function kindOf(name: string): Kind {
  const kind = KINDS.get(name);
  if (!kind) throw new Error(`There is no kind of element "${name}"`);
  return kind;
}

/** The elements that may hold an element of this name, for one that stands elsewhere. */
export const parentsOf = (name: string): string[] =>
  [...KINDS.values()].filter((kind) => kind.children.has(name)).map((kind) => kind.name);

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
  const rows = rowsOf(STRUCTURE).map(
    // A key may offer several attributes, between which the same sign stands.
    ([head = '', attributes = '', ...rest]) =>
      ({ name: head.replace(/^=/, ''), head, attributes, content: rest.join('|') }) as const,
  );
  for (const { name, head, attributes, content } of rows) {
    const text = /^=(\S+)$/.exec(content)?.[1];
    kinds.set(name, {
      ...emptyKind(name, text === 'text' ? 'string' : text),
      isWhole: head.startsWith('='),
      isOpen: name === 'Anything',
      attributes: new Map(wordsOf(attributes).map(readAttribute)),
    });
  }
  for (const { name, content } of rows) {
    if (content.startsWith('=')) continue;
    wordsOf(content).forEach((word, position) => {
      const rule = readChild(word, position, kinds);
      kinds.get(name)?.children.set(rule.name, rule);
    });
  }
  return kinds;
}

function emptyKind(name: string, text: ValueType | undefined) {
  const attributes = new Map<string, AttributeRule>();
  const children = new Map<string, ChildRule>();
  return { name, text, attributes, children, isWhole: true, isOpen: false };
}

function readAttribute(word: string): [string, AttributeRule] {
  const [name = '', type = 'string'] = word.replace(/!$/, '').split(':');
  return [name, { type, isRequired: word.endsWith('!') }];
}

function readChild(word: string, position: number, kinds: ReadonlyMap<string, Kind>): ChildRule {
  const [, name = '', occurrence = '', keys, mark, isText, type] = CHILD.exec(word) ?? [];
  const kind = isText ? emptyKind(type ?? '', type) : kinds.get(type ?? name);
  if (!kind) throw new Error(`The table of elements has no kind for ${word}`);
  const isAppended = keys === '+';
  return {
    ...{ name, kind, position, isAppended },
    isSplit: occurrence === '~',
    isRequired: occurrence === '' || occurrence === '+',
    isSingle: occurrence === '' || occurrence === '?',
    isList: keys !== undefined,
    keys: keys && !isAppended ? keys.split('|').map((names) => names.split(',')) : [],
    repeats: REPEATS[mark as keyof typeof REPEATS],
  };
}
