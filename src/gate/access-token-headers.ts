import type { HeaderList } from '../http/security-headers.ts';

/** The headers with the access token of the user, as oauth2-proxy names them. */
const NAMES = ['X-Auth-Request-Access-Token', 'X-Forwarded-Access-Token'];

// Proxies limit the size of a response head. nginx-gate.conf has room for 16 KiB.
const MAX_LENGTH = 6_144;
const PRINTABLE = /^[\u0021-\u007e]*$/;

/** Adds an access token; an empty one overwrites what the client sent. */
export function withAccessToken(headers: HeaderList, token: string): HeaderList {
  const isUsable = token.length <= MAX_LENGTH && PRINTABLE.test(token);
  const value = isUsable ? token : '';
  return [...headers, ...NAMES.flatMap((name) => [name, value])];
}
