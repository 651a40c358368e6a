// Measures Markdown: average sentence length, longest sentence, longest paragraph.
import { textsIn } from './texts.js';

/** Bounds for finished documents: words per sentence, words of one sentence, lines of one paragraph. */
export const MOST = { average: 18, sentence: 30, paragraph: 6 };

/** The width at which the lines of a paragraph are counted. */
const COLUMNS = 100;

/**
 * Returns the measures of a document. Paragraphs and list items count for the average; table cells,
 * which are often fragments, count for the longest sentence only. Headings and code blocks do not count.
 */
export function measuresOf(file, content) {
  const blocks = textsIn(file, content).map(toBlock);
  const prose = blocks.filter(({ kind }) => kind === 'prose');
  const sentences = prose.flatMap(sentencesOf);
  const cells = blocks.filter(({ kind }) => kind === 'row').flatMap(cellsOf);
  const words = sentences.reduce((sum, sentence) => sum + sentence.words, 0);
  return {
    average: sentences.length === 0 ? 0 : words / sentences.length,
    sentence: longest([...sentences, ...cells.flatMap(sentencesOf)], ({ words: count }) => count),
    paragraph: longest(prose, linesOf),
  };
}

/** Returns what exceeds the bounds, as findings: line, words and advice. */
export function excessesOf({ average, sentence, paragraph }) {
  const findings = [];
  if (average > MOST.average) {
    findings.push({
      line: 1,
      words: `${average.toFixed(1)} words per sentence`,
      advice: `at most ${MOST.average} on average`,
    });
  }
  if (sentence.size > MOST.sentence) {
    findings.push({
      line: sentence.line,
      words: `a sentence of ${sentence.size} words`,
      advice: `at most ${MOST.sentence}`,
    });
  }
  if (paragraph.size > MOST.paragraph) {
    findings.push({
      line: paragraph.line,
      words: `a paragraph of ${paragraph.size} lines`,
      advice: `at most ${MOST.paragraph}`,
    });
  }
  return findings;
}

function toBlock({ lines }) {
  const [{ line, text: first }] = lines;
  const text = plain(lines.map((each) => each.text.trim()).join(' '));
  if (/^\s*(#|<)/.test(first)) return { kind: 'other', line, text };
  return { kind: /^\s*\|/.test(first) ? 'row' : 'prose', line, text };
}

/** Inline code counts as one word, a link as its text. */
const plain = (text) =>
  text
    .replace(/``[^`]+``|`[^`]*`/g, (code) => `C${'o'.repeat(Math.max(0, code.length - 1))}`)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<(https?:[^>]*)>/g, '$1')
    .replace(/<[^>]*>/g, '')
    .replace(/^\s*([-*]|\d+\.) /, '')
    .replace(/\*\*|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)/g, '');

const cellsOf = ({ line, text }) => text.split('|').map((cell) => ({ line, text: cell }));

/** A sentence ends at a mark before a space, except after an abbreviation. It may begin with "b2c-signin". */
const sentencesOf = ({ line, text }) =>
  text
    .split(/(?<=(?<!\b(?:e\.g|i\.e|etc|vs))[.!?]["')]?)\s+/)
    .map((sentence) => ({ line, words: sentence.match(/\S*\w\S*/g)?.length ?? 0 }))
    .filter(({ words }) => words > 0);

function linesOf({ text }) {
  let lines = 1;
  let column = 0;
  for (const word of text.split(/\s+/)) {
    const end = column + word.length + (column > 0 ? 1 : 0);
    if (end > COLUMNS && column > 0) lines += 1;
    column = end > COLUMNS ? word.length : end;
  }
  return lines;
}

const longest = (items, sizeOf) =>
  items.reduce(
    (found, item) => (sizeOf(item) > found.size ? { line: item.line, size: sizeOf(item) } : found),
    { line: 1, size: 0 },
  );
