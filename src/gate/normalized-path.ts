/** A path that every server between browser and application reads the same way. */
export interface NormalizedPath {
  /** Decoded, without the query. */
  text: string;
  /** As an application reads it that ignores case and accents and treats compatible characters as equal. */
  folded: string;
}

// Escapes that a browser never needs, or that another server may decode to something else: letters,
// digits, dots, both kinds of slash, `;`, `%`, `?`, `#` and control characters.
const SUSPICIOUS_ESCAPES = /%(?:[01][0-9a-f]|2[3e5f]|3[0-9bf]|[46][1-9a-f]|[57][0-9ac]|7f)/i;
// Some systems ignore a dot or a space at the end of a segment, and dot segments change the path.
const AMBIGUOUS = /[\\;%?#\u0000-\u001f\u007f-\u009f]|\/\/|[. ](?:\/|$)/;
const IGNORED = /\p{M}|\p{Default_Ignorable_Code_Point}/gu;
// Letters that do not decompose, but that look-ups without accents (MySQL's default collation) fold too.
const FOLDED_LETTERS = new Map(
  Object.entries({ æ: 'ae', ð: 'd', ø: 'o', þ: 'th', đ: 'd', ħ: 'h', ł: 'l', œ: 'oe', ŧ: 't' }),
);
const FOLDED_LETTER = /[æðøþđħłœŧ]/g;
const ASCII = /^[\u0020-\u007e]*$/;

/**
 * Returns the path of a request target, decoded once; `undefined` if the application could read it as
 * another path.
 */
export function normalizePath(target: string): NormalizedPath | undefined {
  const [path = ''] = target.split('?', 1);
  if (!/^\/[\u0021-\u007e]*$/.test(path) || SUSPICIOUS_ESCAPES.test(path)) return undefined;
  const text = decodePath(path);
  if (text === undefined || AMBIGUOUS.test(text)) return undefined;
  // Lower case changes only letters, none of which is ambiguous.
  if (ASCII.test(text)) return { text, folded: text.toLowerCase() };
  const folded = fold(text);
  const isSamePath = !AMBIGUOUS.test(folded) && countSlashes(folded) === countSlashes(text);
  return isSamePath ? { text, folded } : undefined;
}

export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(IGNORED, '')
    .toUpperCase()
    .toLowerCase()
    .replace(FOLDED_LETTER, (letter) => FOLDED_LETTERS.get(letter) ?? letter);
}

const countSlashes = (text: string) => text.split('/').length;

function decodePath(path: string): string | undefined {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path;
  } catch {
    return undefined; // not UTF-8, or an incomplete escape
  }
}
