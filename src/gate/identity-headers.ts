import type { GateConfig } from '../config/gate.ts';
import type { HeaderList } from '../http/security-headers.ts';
import type { User } from '../oidc/claims.ts';

/** The headers that describe a user to the application; without a user, all values are empty. */
export type IdentityHeaders = (user: User | undefined) => HeaderList;

const PREFIXES = ['X-Auth-Request-', 'X-Forwarded-'];
// Proxies limit the size of a response head. A longer value becomes empty instead of being cut: half a
// list of groups grants other rights, and half a name is another name.
export const MAX_LENGTH = 2048;

/**
 * Every header is always present, empty if its value is not known: a proxy that copies the headers to
 * the request then overwrites what the client sent. The last one is for the assertion.
 */
export function createIdentityHeaders({
  groupsClaim,
  headers,
}: Pick<GateConfig, 'groupsClaim' | 'headers'>): IdentityHeaders {
  const createList = (user: User | undefined) => {
    const claims: Record<string, unknown> = user?.claims ?? {};
    const values = {
      User: headerValue(user?.subject),
      Email: headerValue(user?.email),
      'Preferred-Username': headerValue(claims['preferred_username']),
      Groups: headerValue(claims[groupsClaim]),
    };
    return [
      ...PREFIXES.flatMap((prefix) =>
        Object.entries(values).flatMap(([name, value]) => [prefix + name, value]),
      ),
      ...Object.entries(headers).flatMap(([name, claim]) => [name, headerValue(claims[claim])]),
      ...['X-B2C-Assertion', ''],
    ];
  };
  const anonymous = createList(undefined);
  // The in-memory session store returns the same object for a session each time.
  const cache = new WeakMap<User, HeaderList>();
  return (user) => {
    if (!user) return anonymous;
    const cached = cache.get(user);
    if (cached) return cached;
    const list = createList(user);
    cache.set(user, list);
    return list;
  };
}

/**
 * A claim as a header value. Commas separate the items of a list, so a comma in a value is encoded, also
 * in a claim that is a single string: the application cannot tell it from a list.
 */
function headerValue(claim: unknown): string {
  const items = (Array.isArray(claim) ? claim : [claim]).map(toText);
  // Checked before encoding, which never makes a value shorter and takes long for a huge one.
  if (items.join(',').length > MAX_LENGTH) return '';
  const value = items.map(encode).join(',');
  return value.length > MAX_LENGTH ? '' : value;
}

const toText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';

// All but printable ASCII, the percent sign itself, commas, and spaces at the ends, which HTTP removes.
const UNSAFE = /[^\u0020-\u007e]+|[%,]|^ +|(?<! ) +$/g;

// Through a Buffer, which replaces lone surrogates: encodeURIComponent throws for them.
const encode = (text: string): string =>
  text.replace(UNSAFE, (part) => encodeURIComponent(String(Buffer.from(part))));
