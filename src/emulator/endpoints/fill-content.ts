/** Puts a page of a journey into the custom page of its policy. */
import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { ContentParts } from '../pages/views.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import type { CustomPage } from './page-content.ts';

/** Replaces a part of the author's text, which otherwise stays as it is. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * Fills `<div id="api">`, and replaces the placeholder markup in it. As in B2C, frames and forms are
 * removed, and scripts unless the policy allows them. Scripts of the page run after those of the emulator.
 */
export async function fillContent(
  { head, notices, api, dataName }: ContentParts,
  { source, text: content }: CustomPage,
  { allowScript }: { allowScript: boolean },
): Promise<{ html: string; hasBodyScript: boolean }> {
  const { parse } = await loadParser(source);
  const document = parse(content, { sourceCodeLocationInfo: true });
  const elements = [...elementsOf(document)];
  const target = elements.find(({ tagName, attrs }) => tagName === 'div' && idOf(attrs) === 'api');
  const place = target?.sourceCodeLocation;
  if (!target || !place?.startTag) {
    throw new B2cError('AADB2C90047', { content: source, reason: 'it has no div#api' });
  }
  const startTag = content.slice(place.startTag.startOffset, place.startTag.endOffset);
  const removed = ['iframe', 'form', ...(allowScript ? [] : ['script'])];
  const body = elements.find(({ tagName }) => tagName === 'body');
  const html = applyEdits(content, [
    insertion(startOfHead(document, elements), head),
    insertion(body?.sourceCodeLocation?.startTag?.endOffset ?? place.startOffset, notices),
    {
      start: place.startOffset,
      end: place.endOffset,
      text: `${withAttributes(startTag, target, dataName)}${api}</div>`,
    },
    ...elements.flatMap(({ tagName, sourceCodeLocation: range }) =>
      range && removed.includes(tagName)
        ? [{ start: range.startOffset, end: range.endOffset, text: '' }]
        : [],
    ),
  ]);
  const scripts = body ? [...elementsOf(body)].filter(({ tagName }) => tagName === 'script') : [];
  return { html, hasBodyScript: allowScript && scripts.length > 0 };
}

async function loadParser(content: string) {
  try {
    return await import('parse5');
  } catch {
    const reason = 'the package "parse5" reads it and is not installed: npm install parse5';
    throw new B2cError('AADB2C90047', { content, reason });
  }
}

function* elementsOf(parent: Tree.ParentNode): Generator<Tree.Element> {
  for (const node of parent.childNodes) {
    if (!('tagName' in node)) continue;
    yield node;
    yield* elementsOf(node);
  }
}

const idOf = (attrs: Tree.Element['attrs']) => attrs.find(({ name }) => name === 'id')?.value;

const insertion = (start: number, text: string): Edit => ({ start, end: start, text });

/** Authors can leave out the tags of `head` and `html`. */
function startOfHead(document: Tree.Document, elements: readonly Tree.Element[]): number {
  const starts = ['head', 'html'].map(
    (name) =>
      elements.find(({ tagName }) => tagName === name)?.sourceCodeLocation?.startTag?.endOffset,
  );
  const doctype = document.childNodes.find(({ nodeName }) => nodeName === '#documentType');
  const known = [...starts, doctype?.sourceCodeLocation?.endOffset];
  return known.find((offset) => offset !== undefined) ?? 0;
}

/** The author's attributes stay. */
function withAttributes(startTag: string, { attrs }: Tree.Element, dataName: string): string {
  const added = Object.entries({ role: 'main', 'data-name': dataName })
    .filter(([name]) => !attrs.some((attribute) => attribute.name === name))
    .map(([name, value]) => ` ${name}="${value}"`);
  return startTag.replace(/\s*\/?>$/, () => `${added.join('')}>`);
}

/** Edits inside a range that another edit replaces have no effect. */
function applyEdits(content: string, edits: readonly Edit[]): string {
  let position = 0;
  let result = '';
  for (const { start, end, text } of edits.toSorted((left, right) => left.start - right.start)) {
    if (start < position) continue;
    result += `${content.slice(position, start)}${text}`;
    position = end;
  }
  return result + content.slice(position);
}
