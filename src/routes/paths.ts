import type { LocalPath } from '../http/local-path.ts';
import type { LinkParameters } from '../oidc/authorization-request.ts';

/** Adds the return path, and the parameters of a link, to the path that starts a policy. */
export function withReturnPath(
  path: LocalPath,
  returnTo: string,
  parameters: LinkParameters | undefined = {},
): LocalPath {
  const others = new URLSearchParams(parameters).toString();
  const query = `return_to=${encodeURIComponent(returnTo)}${others && `&${others}`}`;
  return `${path}?${query}` as LocalPath;
}
