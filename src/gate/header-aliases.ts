// HTTP allows ! # $ % & ' * + . ^ _ ` | ~ in the name of a header (RFC 9110, 5.6.2). CGI, FastCGI and
// WSGI servers read some or all of them as "_", as they read "-": to such an application,
// `X~Auth~Request~User` is `X-Auth-Request-User`. A proxy that removes or overwrites the identity headers
// does not find these names.

/** Beginnings of the headers that describe the user or the request; a client must not choose them. */
const FAMILIES = ['x-auth-request-', 'x-forwarded-', 'x-original-', 'x-rewrite-', 'x-b2c-'];

/** Finds the header that a name of the request is another spelling of, if there is one. */
export type FindHeaderAlias = (rawHeaders: readonly string[]) => string | undefined;

/** `names` are the identity headers of `gate.headers`. */
export function createFindHeaderAlias(names: readonly string[]): FindHeaderAlias {
  const identityHeaders = new Set(names.map((name) => name.toLowerCase()));
  const isReserved = (name: string) =>
    identityHeaders.has(name) || FAMILIES.some((family) => name.startsWith(family));
  return (rawHeaders) => {
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i] ?? '';
      // All of them begin with X. This comes first, because it runs for each header of each request.
      if ((name.charCodeAt(0) | 0x20) !== 0x78 || isUsual(name)) continue;
      const spelled = name.toLowerCase().replace(UNUSUAL, '-');
      if (isReserved(spelled)) return spelled;
    }
    return undefined;
  };
}

const UNUSUAL = /[^a-z0-9-]/g;

/** Whether a name consists of letters, digits and hyphens. A loop, because it is faster than an expression. */
function isUsual(name: string): boolean {
  for (let i = 0; i < name.length; i += 1) {
    const code = name.charCodeAt(i);
    const letter = code | 0x20;
    const isLetter = letter >= 0x61 && letter <= 0x7a;
    const isDigitOrHyphen = (code >= 0x30 && code <= 0x39) || code === 0x2d;
    if (!isLetter && !isDigitOrHyphen) return false;
  }
  return true;
}
