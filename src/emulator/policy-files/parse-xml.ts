import { createPositions } from './positions.ts';
import type { Report } from './rules.ts';
import type { XmlElement } from './xml-element.ts';
import { createXmlTree, RepeatedAttribute } from './xml-tree.ts';

/** The package that reads XML. It is loaded only when policies are read. */
export type Sax = typeof import('sax');

/** A policy has 14 levels at most. */
const MAX_DEPTH = 64;
/** XML 1.0 section 2.2, which the parser does not check. */
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/;

/** Ends the reading after a fault that was reported. */
class Stop extends Error {}

/** Reads one document, or reports the first thing that is not well-formed and returns `undefined`. */
export function parseXml(
  sax: Sax,
  { file, text, substitute }: { file: string; text: string; substitute: (value: string) => string },
  report: Report,
): XmlElement | undefined {
  const position = createPositions(file, text);
  const tree = createXmlTree(text, { position, substitute });
  // `strictEntities` leaves the five entities of XML, without it those of HTML are known too.
  const parser = sax.parser(true, { position: true, strictEntities: true } as object);
  const tagStart = () => parser.startTagPosition - 1;
  let values: { name: string; value: string }[] = [];
  parser.onopentagstart = () => {
    values = [];
    if (tree.depth < MAX_DEPTH) return;
    report('xml-too-deep', position(tagStart()), { most: MAX_DEPTH });
    throw new Stop();
  };
  parser.onattribute = (attribute) => values.push(attribute);
  parser.onopentag = ({ name }) => tree.open({ name, start: tagStart(), values });
  parser.ontext = (value) => tree.addText(value, tagStart());
  parser.oncdata = (value) => tree.addText(value, tagStart());
  parser.onclosetag = () => tree.close();
  parser.ondoctype = () => {
    report('xml-dtd', position(tagStart()), {});
    throw new Stop();
  };
  // The first one: the parser would go through the rest of the text.
  parser.onerror = (error) => {
    throw error;
  };
  try {
    const illegal = NOT_XML.exec(text);
    if (illegal) {
      const at = position(illegal.index);
      report('xml-not-well-formed', at, { problem: 'There is a character that XML forbids' });
      return undefined;
    }
    parser.write(text).close();
    if (!tree.root) throw new Error('There is no element');
    return tree.root;
  } catch (error) {
    if (error instanceof Stop) return undefined;
    const isRepeated = error instanceof RepeatedAttribute;
    const at = isRepeated ? error.origin : position(parser.position - 1);
    const [problem = ''] = (error as Error).message.split('\n');
    report('xml-not-well-formed', at, { problem });
    return undefined;
  }
}
