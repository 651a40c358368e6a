/** A path on this site, with its query. `redirect()` accepts only this type or a `URL`. */
export type LocalPath = string & { readonly localPath: unique symbol };

/** The start page: the default for every invalid return path. */
export const HOME = '/' as LocalPath;

// RFC 2606 reserves this name: no site can exist there.
const BASE = 'http://here.invalid';
// Long enough for deep links; short enough for ten attempt cookies.
export const MAX_LENGTH = 2048;
const ONE_LEADING_SLASH = /^\/(?![/\\])/;
const CONTROL_OR_BACKSLASH = /[\u0000-\u001f\u007f\\]/;

/**
 * Returns a path that cannot leave this site, percent-encoded and without fragment; `undefined` for
 * every other `value`. Browsers drop tabs, read backslashes as slashes and resolve dot segments, so
 * the result of the URL parser is checked again: `/.//evil.example` becomes `//evil.example`.
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
