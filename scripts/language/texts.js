// The texts in a file that people read: comments everywhere, strings that users see, test titles, the
// texts of pages, Markdown. Code is left out.
import path from 'node:path';
import { tokensOf } from './tokens.js';

/**
 * Gives each text of `content`: what it is (`comment`, `string`, `prose`) and its lines as
 * `{ line, text }`. Lines that belong to one comment stay together, because sentences span them.
 */
export function textsIn(file, content) {
  const extension = path.extname(file);
  if (['.ts', '.js', '.cjs', '.mjs'].includes(extension)) return scriptTexts(file, content);
  if (extension === '.json') return jsonTexts(content);
  if (extension === '.md') return markdownTexts(content);
  if (extension === '.css') return blockComments(content, /\/\*([\s\S]*?)\*\//g);
  if (extension === '.eta') return blockComments(content, /<!--([\s\S]*?)-->|\/\*([\s\S]*?)\*\//g);
  return hashComments(content);
}

/** Titles are the first argument of these. Other strings in tests are data. */
const BEFORE_TITLE = /\b(test|describe|it)(\.\w+)?\($/;
const IS_TEST = /^test\//;

function scriptTexts(file, content) {
  const texts = [];
  let lineComment;
  for (const { kind, text, start, end } of tokensOf(content)) {
    const line = lineAt(content, start);
    if (kind === 'comment') {
      const isAlone = /^[ \t]*$/.test(
        content.slice(content.lastIndexOf('\n', start - 1) + 1, start),
      );
      const lines = linesOf(text, line, /^\s*\*? ?/);
      const isNext = lineComment && isAlone && lineComment.lines.at(-1).line === line - 1;
      if (content[start + 1] === '/' && isNext) {
        lineComment.lines.push(...lines);
      } else {
        texts.push({ kind: 'comment', lines });
        lineComment = content[start + 1] === '/' && isAlone ? texts.at(-1) : undefined;
      }
    } else if (isRead(file, content.slice(Math.max(0, start - 40), start), text)) {
      texts.push({ kind: 'string', lines: linesOf(text, line, /^/), start, end });
    }
  }
  return texts;
}

/** A string of one word is a name. In tests only titles count, and the names of rows. */
function isRead(file, before, text) {
  if (!/\S\s+\S/.test(text)) return false;
  return !IS_TEST.test(file) || BEFORE_TITLE.test(before) || isRowTitle(before);
}

/** The first string in a row of a table, or a property `name`, `title` or `what`. */
const isRowTitle = (before) => /\[\s*$|\b(name|title|what): $/.test(before);

function jsonTexts(content) {
  return [...content.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)]
    .filter(([text, isKey]) => !isKey && /\S\s+\S/.test(text))
    .map(({ 0: text, index }) => ({
      kind: 'string',
      lines: [{ line: lineAt(content, index), text: text.slice(1, -1) }],
    }));
}

function markdownTexts(content) {
  const paragraphs = [[]];
  let fence = '';
  for (const [index, text] of content.split('\n').entries()) {
    const [, mark = ''] = /^\s*(```+|~~~+)/.exec(text) ?? [];
    const isFence = mark !== '' && mark.startsWith(fence);
    if (isFence) fence = fence ? '' : mark;
    else if (!fence && text.trim()) paragraphs.at(-1).push({ line: index + 1, text });
    if (mark || !text.trim() || /^\s*(\||#|[-*] |\d+\. )/.test(text)) {
      const isItem = text.trim() && !mark && !/^\s*(\||#)/.test(text);
      const item = isItem ? paragraphs.at(-1).pop() : undefined;
      paragraphs.push(item ? [item] : []);
    }
  }
  return paragraphs.filter(({ length }) => length > 0).map((lines) => ({ kind: 'prose', lines }));
}

function blockComments(content, pattern) {
  return [...content.matchAll(pattern)].map(({ 0: whole, 1: first, 2: second, index }) => ({
    kind: 'comment',
    lines: linesOf(first ?? second ?? whole, lineAt(content, index), /^\s*\*? ?/),
  }));
}

/** Shell, YAML, nginx, Caddy, systemd, Docker. */
function hashComments(content) {
  const texts = [];
  for (const [index, line] of content.split('\n').entries()) {
    const [, before, text] = /^([^#"']*?)(?:^|(?<=\s))#+(?!!) ?(.*)$/.exec(line) ?? [];
    if (text === undefined) continue;
    const isAlone = before.trim() === '';
    const last = texts.at(-1);
    if (isAlone && last?.isAlone && last.lines.at(-1).line === index) {
      last.lines.push({ line: index + 1, text });
    } else texts.push({ kind: 'comment', isAlone, lines: [{ line: index + 1, text }] });
  }
  return texts;
}

const lineAt = (content, at) => content.slice(0, at).split('\n').length;

const linesOf = (text, first, prefix) =>
  text.split('\n').map((line, index) => ({ line: first + index, text: line.replace(prefix, '') }));
