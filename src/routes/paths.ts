import type { LocalPath } from '../http/local-path.ts';

/** Where a policy starts that comes back to `returnTo`. */
export function withReturnPath(path: LocalPath, returnTo: string): LocalPath {
  return `${path}?return_to=${encodeURIComponent(returnTo)}` as LocalPath;
}
