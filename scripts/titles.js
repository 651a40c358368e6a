// The titles in a test file, and what two lists of titles have in common.
import { tokensOf } from './language/tokens.js';

/** The first argument of a test or a suite. */
const BEFORE_TITLE = /\b(test|describe|it)(\.\w+)?\(\s*$/;
/** Names of rows: the first string of an array, a property of that name, a quoted key. */
const BEFORE_ROW = /\[\s*$|\b(name|title|what): $/;
const BEFORE_KEY = /[{,]\s*$/;

/** Titles of tests, suites and rows of tables, in order. A row needs two words to count as a title. */
export function titlesIn(text) {
  const titles = [];
  for (const { kind, start, end } of tokensOf(text)) {
    if (kind !== 'string' || text[start] === '}') continue;
    const before = text.slice(Math.max(0, start - 60), start);
    const title = literalAt(text, start);
    const isKey = BEFORE_KEY.test(before) && /^\s*:/.test(text.slice(end, end + 5));
    const isRow = (BEFORE_ROW.test(before) || isKey) && /\S\s+\S/.test(title);
    if (isRow || BEFORE_TITLE.test(before)) titles.push(title);
  }
  return titles;
}

/** Without its quotes; a template literal with all its placeholders. */
function literalAt(text, start) {
  let depth = 0;
  for (const token of tokensOf(text.slice(start))) {
    const end = start + token.end;
    if (text[start] !== '`') return token.text;
    if (text[start + token.start] === '`') depth += 1;
    if (text[end - 1] === '`') depth -= 1;
    if (depth === 0) return text.slice(start + 1, end - 1);
  }
  return text.slice(start + 1);
}

/**
 * Aligns two lists in order, at the least cost: equal titles cost nothing, a reworded one less the more
 * words it shares, one that has gone or come half as much as a pair without a common word and more.
 */
export function alignTitles(before, after) {
  const GAP = 0.55;
  const cost = [Array.from({ length: after.length + 1 }, (_, j) => j * GAP)];
  for (let i = 1; i <= before.length; i += 1) {
    const row = [i * GAP];
    for (let j = 1; j <= after.length; j += 1) {
      const pair = cost[i - 1][j - 1] + pairCost(before[i - 1], after[j - 1]);
      row.push(Math.min(pair, cost[i - 1][j] + GAP, row[j - 1] + GAP));
    }
    cost.push(row);
  }
  const result = { unchanged: 0, reworded: [], gone: [], added: [] };
  let [i, j] = [before.length, after.length];
  while (i > 0 || j > 0) {
    const pair = i && j ? cost[i - 1][j - 1] + pairCost(before[i - 1], after[j - 1]) : Infinity;
    if (pair <= cost[i][j]) {
      i -= 1;
      j -= 1;
      if (before[i] === after[j]) result.unchanged += 1;
      else result.reworded.unshift([before[i], after[j]]);
    } else if (i > 0 && cost[i - 1][j] + GAP <= cost[i][j]) {
      i -= 1;
      result.gone.unshift(before[i]);
    } else {
      j -= 1;
      result.added.unshift(after[j]);
    }
  }
  return result;
}

function pairCost(a, b) {
  if (a === b) return 0;
  const [ofA, ofB] = [a, b].map((title) => new Set(title.toLowerCase().match(/[\w$]+/g) ?? []));
  const shared = [...ofA].filter((word) => ofB.has(word)).length;
  return 1 - (0.9 * 2 * shared) / Math.max(1, ofA.size + ofB.size);
}
