import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { ResponseMode, ReturnAddress } from './authorization-request.ts';
import type { B2cError } from './b2c-error.ts';
import { errorParameters } from './error-parameters.ts';

/** What the application gets back, before it is written as query, fragment or form. */
export interface AuthorizationResponse {
  redirectUri: string;
  responseMode: ResponseMode;
  parameters: [name: string, value: string][];
}

export function buildErrorResponse(
  { redirectUri, responseMode, state }: ReturnAddress,
  error: Pick<B2cError, 'error' | 'message'>,
  tenant: LocalTenant,
): AuthorizationResponse {
  const parameters = Object.entries(errorParameters(error, tenant));
  return { redirectUri, responseMode, parameters: withState(parameters, state) };
}

export function withState(
  parameters: [string, string][],
  state: string | undefined,
): [string, string][] {
  return state === undefined ? parameters : [...parameters, ['state', state]];
}

/** The address to redirect to. A URI without a path comes out with a slash, as from B2C. */
export function buildLocation({
  redirectUri,
  responseMode,
  parameters,
}: AuthorizationResponse): URL {
  const location = new URL(redirectUri);
  const text = encodeLikeB2c(parameters);
  if (responseMode === 'fragment') location.hash = text;
  else location.search += `${location.search === '' ? '?' : '&'}${text}`;
  return location;
}

// Spaces as `+` and lower-case escapes (`%3a`, `%0d%0a`): .NET's way.
function encodeLikeB2c(parameters: [string, string][]): string {
  const text = new URLSearchParams(parameters).toString();
  return text.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase());
}
