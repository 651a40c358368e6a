import type { Claims } from './jwt.ts';

// The only claim resolver that applications control: an authorization request parameter.
const RESOLVER = /^\{OAUTH-KV:([^}]+)\}$/i;

/** The additional claims of a policy. A claim whose parameter is missing is omitted. */
export function resolveClaims(claims: Claims, parameters: URLSearchParams): Claims {
  const resolved: Claims = {};
  for (const [name, value] of Object.entries(claims)) {
    const [, parameter] = RESOLVER.exec(String(value)) ?? [];
    const actual = parameter === undefined ? value : parameters.get(parameter);
    if (actual !== null) resolved[name] = actual;
  }
  return resolved;
}
