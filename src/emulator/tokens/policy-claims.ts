import type { Claims } from './jwt.ts';

// The one claim resolver that applications reach: a parameter of the authorization request.
const RESOLVER = /^\{OAUTH-KV:([^}]+)\}$/i;

/** The further claims of a policy; one that asks for a parameter which was not sent is left out. */
export function resolveClaims(claims: Claims, parameters: URLSearchParams): Claims {
  const resolved: Claims = {};
  for (const [name, value] of Object.entries(claims)) {
    const [, parameter] = RESOLVER.exec(String(value)) ?? [];
    const actual = parameter === undefined ? value : parameters.get(parameter);
    if (actual !== null) resolved[name] = actual;
  }
  return resolved;
}
