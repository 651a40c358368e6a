/** A path that every server on the way reads alike. */
export interface NormalizedPath {
  /** Decoded, without query. */
  text: string;
  /** The same to a server that does not tell letter cases and kindred characters apart. */
  folded: string;
}

// What an honest client has no reason to encode, or what another server may decode to something else:
// letters, digits, dots, slashes of both kinds, `;`, `%`, `?`, `#` and control characters.
const SUSPICIOUS_ESCAPES = /%(?:[01][0-9a-f]|2[3e5f]|3[0-9bf]|[46][1-9a-f]|[57][0-9ac]|7f)/i;
// A dot or a space at the end of a segment is none to some systems, and dots alone lead elsewhere.
const AMBIGUOUS = /[\\;%?#\u0000-\u001f\u007f-\u009f]|\/\/|[. ](?:\/|$)/;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The path of a request target as it is decided on, decoded once; `undefined` when the application
 * behind could read it as another one.
 */
export function normalizePath(target: string): NormalizedPath | undefined {
  const [path = ''] = target.split('?', 1);
  if (!/^\/[\u0021-\u007e]*$/.test(path) || SUSPICIOUS_ESCAPES.test(path)) return undefined;
  const text = decoded(path);
  if (text === undefined || AMBIGUOUS.test(text)) return undefined;
  const folded = fold(text);
  return AMBIGUOUS.test(folded) || slashes(folded) !== slashes(text) ? undefined : { text, folded };
}

export const fold = (text: string): string =>
  text.normalize('NFKC').replace(INVISIBLE, '').toUpperCase().toLowerCase();

const slashes = (text: string) => text.split('/').length;

function decoded(path: string): string | undefined {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path;
  } catch {
    return undefined; // no UTF-8, or half an escape
  }
}
