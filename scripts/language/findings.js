import { HINTS, MOST_NEGATIONS, MOST_WORDS, REFUSED } from './patterns.js';
import { textsIn } from './texts.js';

/** Texts of Microsoft and others that are quoted, by what is in them. */
const QUOTED = /\bAADB2C\d+: |\bAADSTS\d+: /;

/** Returns the refused texts of a file: the line, the words, and what to write instead. */
export const findingsIn = (file, content) =>
  textsIn(file, content).flatMap((text) => matchesIn(text, REFUSED));

/** Returns words, long sentences and negations that deserve a second look. */
export const hintsIn = (file, content) =>
  textsIn(file, content).flatMap((text) => [...matchesIn(text, HINTS), ...longSentences(text)]);

function matchesIn({ kind, lines }, patterns) {
  const text = joined(lines);
  if (QUOTED.test(text)) return [];
  return patterns.flatMap(({ pattern, only, advice }) => {
    if (only === 'comment start' && kind !== 'comment') return [];
    return [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))].map((match) => ({
      line: lineOf(lines, match.index + match[0].search(/\S/)),
      words: match[0].trim(),
      advice,
    }));
  });
}

/** One line of text, without inline code, addresses and tags, at the same positions. */
function joined(lines) {
  const text = lines.map((line) => line.text).join(' ');
  const blank = (found) => ' '.repeat(found.length);
  const code = (found) => `\`${' '.repeat(Math.max(0, found.length - 2))}\``;
  return text
    .replace(/`[^`]*`/g, code)
    .replace(/https?:\/\/\S+/g, blank)
    .replace(/\{@?\w+[^}]*\}|<[^>]*>/g, blank);
}

function lineOf(lines, index) {
  let end = 0;
  for (const { line, text } of lines) {
    end += text.length + 1;
    if (index < end) return line;
  }
  return lines.at(-1).line;
}

const NEGATION = /\b(not|no|none|never|nothing|neither|nor|without|cannot|\w+n't)\b/gi;

function longSentences({ lines }) {
  const text = joined(lines);
  return [...text.matchAll(/[^.!?;:]+(?:[.!?](?!\s|$)[^.!?;:]*)*/g)].flatMap((match) => {
    const line = lineOf(lines, match.index + /^\s*/.exec(match[0])[0].length);
    const words = match[0].trim().split(/\s+/).length;
    const negations = match[0].match(NEGATION)?.length ?? 0;
    return [
      ...(words > MOST_WORDS
        ? [{ line, words: `${words} words`, advice: 'shorter sentences' }]
        : []),
      ...(negations > MOST_NEGATIONS
        ? [{ line, words: `${negations} negations`, advice: 'say what happens' }]
        : []),
    ];
  });
}
