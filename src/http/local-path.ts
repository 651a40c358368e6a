/** A path on this site, with its query: `redirect()` can only be given one of these or a `URL`. */
export type LocalPath = string & { readonly localPath: unique symbol };

/** The way home, and the answer to every return path that is not plainly one of ours. */
export const HOME = '/' as LocalPath;

// RFC 2606: no host of this name exists, so nothing that resolves to it can be somebody's site.
const BASE = 'http://here.invalid';
// Long enough for any honest deep link; short enough for ten attempt cookies.
export const MAX_LENGTH = 2048;
const ONE_LEADING_SLASH = /^\/(?![/\\])/;
const CONTROL_OR_BACKSLASH = /[\u0000-\u001f\u007f\\]/;

/**
 * A return path that cannot leave this site, percent-encoded and without fragment; `undefined` when
 * `value` is anything else. Browsers drop tabs, read backslashes as slashes and resolve dot
 * segments, so the path that comes out of the URL parser is looked at again: `/.//evil.example`
 * goes in with one slash and comes out with two.
 */
export function parseLocalPath(value: string | null | undefined): LocalPath | undefined {
  if (!value || value.length > MAX_LENGTH) return undefined;
  if (!ONE_LEADING_SLASH.test(value) || CONTROL_OR_BACKSLASH.test(value)) return undefined;
  if (!URL.canParse(value, BASE)) return undefined;
  const { origin, pathname, search } = new URL(value, BASE);
  const path = pathname + search;
  if (origin !== BASE || !ONE_LEADING_SLASH.test(path) || path.length > MAX_LENGTH) {
    return undefined;
  }
  return path as LocalPath;
}
