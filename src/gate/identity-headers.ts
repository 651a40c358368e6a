import type { GateConfig } from '../config/gate.ts';
import type { HeaderList } from '../http/security-headers.ts';
import type { User } from '../oidc/claims.ts';

/** What an application is told of a user, or of nobody. */
export type IdentityHeaders = (user: User | undefined) => HeaderList;

const PREFIXES = ['X-Auth-Request-', 'X-Forwarded-'];
// Above what proxies take of one answer nothing is better than a part: half a list of groups says less,
// and half a name says another one.
export const MAX_LENGTH = 2048;

/**
 * Always all of them, empty where nothing is known: a proxy that copies them to the request then
 * writes over whatever the client has sent. The last one is for the signed statement.
 */
export function createIdentityHeaders({
  groupsClaim,
  headers,
}: Pick<GateConfig, 'groupsClaim' | 'headers'>): IdentityHeaders {
  const listOf = (user: User | undefined) => {
    const claims: Record<string, unknown> = user?.claims ?? {};
    const own = {
      User: textOf(user?.subject),
      Email: textOf(user?.email),
      'Preferred-Username': textOf(claims['preferred_username']),
      Groups: textOf(claims[groupsClaim]),
    };
    return [
      ...PREFIXES.flatMap((prefix) =>
        Object.entries(own).flatMap(([name, value]) => [prefix + name, value]),
      ),
      ...Object.entries(headers).flatMap(([name, claim]) => [name, textOf(claims[claim])]),
      ...['X-B2C-Assertion', ''],
    ];
  };
  const nobody = listOf(undefined);
  // A session in this process gives the same user each time.
  const known = new WeakMap<User, HeaderList>();
  return (user) => {
    if (!user) return nobody;
    const before = known.get(user);
    if (before) return before;
    const list = listOf(user);
    known.set(user, list);
    return list;
  };
}

/** A claim as a header has it: a text, or several with commas between. */
function textOf(claim: unknown): string {
  const text = Array.isArray(claim)
    ? claim.map((value) => encoded(value, UNSAFE_IN_LIST)).join(',')
    : encoded(claim, UNSAFE);
  return text.length > MAX_LENGTH ? '' : text;
}

// Whatever is not plain ASCII, the sign of encoding itself, and white space that HTTP would take away.
const UNSAFE = /[^\u0020-\u007e]+|%|^ +| +$/g;
const UNSAFE_IN_LIST = /[^\u0020-\u007e]+|[%,]|^ +| +$/g;

function encoded(value: unknown, unsafe: RegExp): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return '';
  }
  // By way of bytes, so that half a character becomes a whole one.
  return String(value).replace(unsafe, (part) => encodeURIComponent(String(Buffer.from(part))));
}
