import type { Origin } from '../policy/origin.ts';
import type { Report, RuleId } from './rules.ts';
import type { XmlAttribute, XmlElement } from './xml-element.ts';

/** The package that reads XML. It is loaded only when policies are read. */
export type Sax = typeof import('sax');

/** A policy has 14 levels at most. */
const MAX_DEPTH = 64;
const ATTRIBUTE = /(\s+)([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')/y;
/** XML 1.0 section 2.2, which the parser does not check. */
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/;

interface Draft extends Origin {
  name: string;
  attributes: readonly XmlAttribute[];
  children: XmlElement[];
  text: string;
  textEnd: number;
  textOrigin?: Origin;
  isBlank: boolean;
}

/** Most elements have no children; an array of their own would be larger than the element. */
const NOTHING: XmlElement[] = [];
const NO_ATTRIBUTES: readonly XmlAttribute[] = [];

class Stop extends Error {}

/** Reads one document, or reports the first thing that is not well-formed and returns `undefined`. */
export function parseXml(
  sax: Sax,
  { file, text, substitute }: { file: string; text: string; substitute: (value: string) => string },
  report: Report,
): XmlElement | undefined {
  const position = createPositions(file, text);
  const stop = (rule: RuleId, at: number, message: string) => {
    report(rule, position(at), message);
    throw new Stop();
  };
  // `strictEntities` leaves the five entities of XML, without it those of HTML are known too.
  const parser = sax.parser(true, { position: true, strictEntities: true } as object);
  const open: Draft[] = [];
  const names = new Map<string, string>();
  // The parser joins its strings letter by letter; a known one costs less than such a rope.
  const intern = (value: string) => {
    const known = names.get(value);
    if (known === undefined) names.set(value, value);
    return known ?? value;
  };
  let root: Draft | undefined;
  let values: { name: string; value: string }[] = [];

  parser.onopentagstart = () => {
    values = [];
    if (open.length >= MAX_DEPTH) {
      stop(
        'xml-too-deep',
        parser.startTagPosition - 1,
        `Elements are nested more than ${MAX_DEPTH} deep`,
      );
    }
  };
  parser.onattribute = (attribute) => values.push(attribute);
  parser.onopentag = ({ name }) => {
    const start = parser.startTagPosition - 1;
    const { line, column } = position(start);
    const element: Draft = {
      file,
      line,
      column,
      name: intern(name),
      attributes: readAttributes(name, start),
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
  };
  /** The parser gives values; only the text has their places, and both of two with one name. */
  function readAttributes(element: string, start: number): readonly XmlAttribute[] {
    if (values.length === 0) return NO_ATTRIBUTES;
    ATTRIBUTE.lastIndex = start + 1 + element.length;
    const attributes = values.map(({ name, value }) => {
      const [written, space, writtenName] = ATTRIBUTE.exec(text) ?? [''];
      const { line, column } = position(
        ATTRIBUTE.lastIndex - written.length + (space?.length ?? 0),
      );
      if (writtenName !== name) reportTwice({ file, line, column }, writtenName);
      return { file, line, column, name: intern(name), value: intern(substitute(value)) };
    });
    const more = ATTRIBUTE.exec(text);
    if (more) reportTwice(position(more.index + (more[1]?.length ?? 0)), more[2]);
    return attributes;
  }
  function reportTwice(at: Origin, name = ''): never {
    report('xml-not-well-formed', at, `The attribute ${name} occurs twice`);
    throw new Stop();
  }
  const addText = (value: string) => {
    const element = open.at(-1);
    if (!element) return;
    if (value.trim() === '') element.isBlank = true;
    else {
      element.text += value;
      element.textEnd = parser.startTagPosition - 1;
    }
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    const element = open.pop();
    if (!element) return;
    if (element.text !== '' && element.children.length > 0) {
      const before = text.slice(0, element.textEnd).trimEnd();
      element.textOrigin = position(before.length - 1);
    }
    element.text = element.text === '' ? '' : intern(substitute(element.text.trim()));
    element.isBlank &&= element.text === '' && element.children.length === 0;
  };
  parser.ondoctype = () =>
    stop('xml-dtd', parser.startTagPosition - 1, 'The file has a document type declaration');
  parser.onerror = (error) =>
    stop('xml-not-well-formed', parser.position - 1, error.message.split('\n')[0] ?? '');

  try {
    const illegal = NOT_XML.exec(text);
    if (illegal)
      stop('xml-not-well-formed', illegal.index, 'There is a character that XML forbids');
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Stop) return undefined;
    const message = `The parser failed: ${(error as Error).message}`;
    report('xml-not-well-formed', position(parser.position - 1), message);
    return undefined;
  }
  if (!root) report('xml-not-well-formed', position(0), 'There is no element');
  return root;
}

/** Line and column of an index. */
function createPositions(file: string, text: string): (index: number) => Origin {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
    starts.push(end + 1);
  return (index) => {
    const at = Math.max(0, Math.min(index, text.length));
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}
