import type { LocalPath } from '../http/local-path.ts';

/** Adds the return path to the path that starts a policy. */
export function withReturnPath(path: LocalPath, returnTo: string): LocalPath {
  return `${path}?return_to=${encodeURIComponent(returnTo)}` as LocalPath;
}
