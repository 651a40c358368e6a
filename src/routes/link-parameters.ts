import type { IncomingMessage } from 'node:http';
import { SignInError } from '../errors.ts';
import { parseQuery, singleValue } from '../http/request.ts';
import type { LinkParameters } from '../oidc/authorization-request.ts';
import type { Policy } from '../oidc/policy.ts';

// B2C rejects markup (AADB2C90122).
const VALUE = /^[^\u0000-\u001f\u007f<>]+$/;

// Together with the names, as they are written in a URL. They have to fit into the attempt cookie, which browsers
// drop above 4,096 bytes. An `id_token_hint` that is signed with RS256 has about 1,000 characters.
const MAX_LENGTH = 2_048;

/**
 * Returns the `passThrough` parameters of a policy that the query of a request contains, or `undefined` without
 * any. Repeated ones and those with markup or control characters are left out.
 * @throws SignInError `link_too_long`
 */
export function parseLinkParameters(
  request: IncomingMessage,
  { passThrough = [] }: Policy,
): LinkParameters | undefined {
  // Most policies have none: do not parse the query.
  if (passThrough.length === 0) return undefined;
  const query = parseQuery(request);
  const given = passThrough.flatMap((name): [string, string][] => {
    const value = singleValue(query, name);
    return value !== undefined && VALUE.test(value) ? [[name, value]] : [];
  });
  if (given.length === 0) return undefined;
  const parameters = Object.fromEntries(given);
  if (new URLSearchParams(parameters).toString().length > MAX_LENGTH) {
    const detail = `the passThrough parameters have more than ${MAX_LENGTH} characters`;
    throw new SignInError('link_too_long', detail);
  }
  return parameters;
}
