import type { Origin } from '../policy/origin.ts';
import { createPositions } from './positions.ts';
import type { Report, RuleId } from './rules.ts';
import type { XmlElement } from './xml-element.ts';
import { createXmlTree, RepeatedAttribute } from './xml-tree.ts';

/** The package that reads XML. It is loaded only when policies are read. */
export type Sax = typeof import('sax');

/** A policy has 14 levels at most. */
const MAX_DEPTH = 64;
/** XML 1.0 section 2.2, which the parser does not check. */
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/;

/** Ends the reading after the first fault. */
class Stop extends Error {
  readonly rule: RuleId;
  readonly origin: Origin;
  constructor(rule: RuleId, origin: Origin, message: string) {
    super(message);
    this.rule = rule;
    this.origin = origin;
  }
}

/** Reads one document, or reports the first thing that is not well-formed and returns `undefined`. */
export function parseXml(
  sax: Sax,
  { file, text, substitute }: { file: string; text: string; substitute: (value: string) => string },
  report: Report,
): XmlElement | undefined {
  const position = createPositions(file, text);
  const tree = createXmlTree({ text, position, substitute });
  // `strictEntities` leaves the five entities of XML, without it those of HTML are known too.
  const parser = sax.parser(true, { position: true, strictEntities: true } as object);
  const tagStart = () => parser.startTagPosition - 1;
  let values: { name: string; value: string }[] = [];
  parser.onopentagstart = () => {
    values = [];
    if (tree.depth < MAX_DEPTH) return;
    const message = `Elements are nested more than ${MAX_DEPTH} deep`;
    throw new Stop('xml-too-deep', position(tagStart()), message);
  };
  parser.onattribute = (attribute) => values.push(attribute);
  parser.onopentag = ({ name }) => tree.open({ name, start: tagStart(), values });
  parser.ontext = (value) => tree.addText(value, tagStart());
  parser.oncdata = (value) => tree.addText(value, tagStart());
  parser.onclosetag = () => tree.close();
  parser.ondoctype = () => {
    const message = 'The file has a document type declaration';
    throw new Stop('xml-dtd', position(tagStart()), message);
  };
  // The first one: the parser would go through the rest of the text.
  parser.onerror = (error) => {
    throw error;
  };
  try {
    const illegal = NOT_XML.exec(text);
    if (illegal) {
      const message = 'There is a character that XML forbids';
      throw new Stop('xml-not-well-formed', position(illegal.index), message);
    }
    parser.write(text).close();
    if (!tree.root) throw new Error('There is no element');
    return tree.root;
  } catch (error) {
    const { rule = 'xml-not-well-formed', origin, message } = error as Partial<Stop> & Error;
    const isOurs = error instanceof Stop || error instanceof RepeatedAttribute;
    const at = isOurs ? origin : position(parser.position - 1);
    report(rule, at ?? position(0), message.split('\n')[0] ?? '');
    return undefined;
  }
}
