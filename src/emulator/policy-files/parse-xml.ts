import type { Origin } from '../policy/origin.ts';
import type { Report, RuleId } from './rules.ts';
import type { XmlAttribute, XmlElement } from './xml-element.ts';

/** The package that reads XML. It is loaded only when policies are read. */
export type Sax = typeof import('sax');

/** A policy has 14 levels at most. */
const MAX_DEPTH = 64;
const ATTRIBUTE = /([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')/g;
/** XML 1.0 section 2.2, which the parser does not check. */
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/;

interface Draft extends Origin {
  name: string;
  attributes: XmlAttribute[];
  children: XmlElement[];
  text: string;
  isBlank: boolean;
}

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
    const at = position(start);
    const element: Draft = {
      ...at,
      name: intern(name),
      attributes: [],
      children: [],
      text: '',
      isBlank: false,
    };
    if (values.length > 0) {
      let index = 0;
      for (const written of text.slice(start, parser.position).matchAll(ATTRIBUTE)) {
        // The parser drops the second of two attributes with one name without a word.
        const where = start + written.index;
        const read = values[index];
        if (!read || read.name !== written[1]) {
          return stop('xml-not-well-formed', where, `The attribute ${written[1]} occurs twice`);
        }
        const value = intern(substitute(read.value));
        element.attributes.push({ ...position(where), name: intern(read.name), value });
        index += 1;
      }
    }
    open.at(-1)?.children.push(element);
    open.push(element);
    root ??= element;
  };
  const addText = (value: string) => {
    const element = open.at(-1);
    if (!element) return;
    if (value.trim() === '') element.isBlank = true;
    else element.text += value;
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    const element = open.pop();
    if (!element) return;
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

/** Line and column of an index, counted from where the last question left off when that is earlier. */
function createPositions(file: string, text: string): (index: number) => Origin {
  let line = 1;
  let start = 0;
  let next = lineEnd(text, 0);
  return (index) => {
    const at = Math.max(0, Math.min(index, text.length));
    if (at < start) [line, start, next] = [1, 0, lineEnd(text, 0)];
    while (at >= next) {
      line += 1;
      start = next;
      next = lineEnd(text, start);
    }
    return { file, line, column: at - start + 1 };
  };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? Number.POSITIVE_INFINITY : end + 1;
}
