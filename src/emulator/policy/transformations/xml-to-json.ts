/** XML as JSON, in the form of Json.NET: `@name` for attributes, `#text` beside them, arrays for repeated elements. */
import { fail } from './method.ts';

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)|</g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

interface Element {
  readonly name: string;
  readonly members: Map<string, unknown[]>;
  text: string;
}

/** @throws JourneyError if the text is not well-formed */
export function xmlToJson(xml: string): string {
  const document: Element = { name: '', members: new Map(), text: '' };
  const open: Element[] = [document];
  for (const [token, data, end, start, attributes = '', isEmpty, text] of xml.matchAll(TOKEN)) {
    const current = open[open.length - 1] ?? fail('The XML text has too many end tags');
    if (data !== undefined) current.text += data;
    else if (text !== undefined) current.text += decode(text);
    else if (end !== undefined) {
      if (current.name !== end) fail(`The XML text has </${end}> within <${current.name}>`);
      open.pop();
      add(open[open.length - 1], end, contentOf(current));
    } else if (start !== undefined) {
      const element: Element = { name: start, members: new Map(), text: '' };
      for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
        add(element, `@${name}`, decode(double ?? single ?? ''));
      }
      if (isEmpty) add(current, start, contentOf(element));
      else open.push(element);
    } else if (token === '<') fail('The XML text is not well-formed');
  }
  if (open.length !== 1 || document.members.size !== 1) fail('The XML text needs one root element');
  return JSON.stringify(contentOf({ ...document, text: '' }));
}

function add(parent: Element | undefined, name: string, value: unknown): void {
  const values = parent?.members.get(name);
  if (values) values.push(value);
  else parent?.members.set(name, [value]);
}

function contentOf({ members, text }: Element): unknown {
  const hasText = text.trim() !== '';
  if (members.size === 0) return hasText ? text : null;
  const entries = [...members].map(([name, values]) => [
    name,
    values.length > 1 ? values : values[0],
  ]);
  return Object.fromEntries(hasText ? [...entries, ['#text', text]] : entries);
}

const decode = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return ENTITIES[name ?? ''] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : all);
  });
