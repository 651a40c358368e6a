import type { Tenant } from '../definition/tenant-kinds.ts';
import { type ErrorDetails, errorParameters } from '../tokens/error-parameters.ts';
import type { ResponseMode, ReturnTarget } from './authorization-request.ts';

/** The authorization response, before it becomes a query, a fragment or a form. */
export interface AuthorizationResponse {
  redirectUri: string;
  responseMode: ResponseMode;
  parameters: [name: string, value: string][];
}

export function buildErrorResponse(
  { redirectUri, responseMode, state }: ReturnTarget,
  error: ErrorDetails,
  { tenant, now }: { tenant: Tenant; now: number },
): AuthorizationResponse {
  const parameters = Object.entries(errorParameters(tenant, error, now));
  return { redirectUri, responseMode, parameters: withState(parameters, state) };
}

export function withState(
  parameters: [string, string][],
  state: string | undefined,
): [string, string][] {
  return state === undefined ? parameters : [...parameters, ['state', state]];
}

/** As in B2C, a redirect URI without a path gets a slash. */
export function buildRedirectUrl({
  redirectUri,
  responseMode,
  parameters,
}: AuthorizationResponse): URL {
  const url = new URL(redirectUri);
  const text = encodeLikeB2c(parameters);
  if (responseMode === 'fragment') url.hash = text;
  else url.search += `${url.search === '' ? '?' : '&'}${text}`;
  return url;
}

// The encoding of .NET: `+` for a space, and escapes in lower case (`%3a`, `%0d%0a`).
function encodeLikeB2c(parameters: [string, string][]): string {
  const text = new URLSearchParams(parameters).toString();
  return text.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase());
}
