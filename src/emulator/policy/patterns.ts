/** Regular expressions of policies. They are written for .NET; JavaScript spells a few parts differently. */
import { JourneyError } from './claims-error.ts';

/** Longer texts never match: a policy must not block the emulator with a slow expression. */
const MAX_INPUT = 10_000;

const INLINE_OPTIONS = /\(\?(?=[imsnx-])([imsnx]*)(?:-[imsnx]+)?\)/g;
const SCOPED_OPTIONS = /\(\?(?=[imsnx-])([imsnx]*)(?:-[imsnx]+)?:/g;

/** @throws JourneyError if the expression is invalid */
export function matchPattern(source: string, text: string): RegExpExecArray | null {
  return text.length > MAX_INPUT ? null : compilePattern(source).exec(text);
}

export const matchesPattern = (source: string, text: string): boolean =>
  matchPattern(source, text) !== null;

function compilePattern(source: string): RegExp {
  const options = new Set<string>();
  const note = (letters: string) => {
    for (const letter of letters) if ('ims'.includes(letter)) options.add(letter);
    return '';
  };
  const translated = source
    .replace(INLINE_OPTIONS, (_, letters: string) => note(letters))
    .replace(SCOPED_OPTIONS, (_, letters: string) => `${note(letters)}(?:`)
    .replace(/\(\?#[^)]*\)/g, '')
    .replace(/\(\?>/g, '(?:')
    .replace(/\(\?'(\w+)'/g, '(?<$1>')
    .replace(/(?<!\\)((?:\\\\)*)\\A/g, '$1^')
    .replace(/(?<!\\)((?:\\\\)*)\\[zZ]/g, '$1$');
  const flags = [...options].join('');
  // Only `u` knows `\p{L}`, but it refuses escapes that .NET allows, such as `\-` outside of a class.
  for (const mode of [`${flags}u`, flags]) {
    try {
      return new RegExp(translated, mode);
    } catch {}
  }
  throw new JourneyError(`"${source}" is not a valid regular expression`);
}
