const NUMBER = ['a number'];
const STRING = ['a string'];

/** The JSON types of the claims that `openid-client` checks. */
const TYPES: Record<string, readonly string[]> = {
  aud: ['a string', 'a list'],
  exp: NUMBER,
  iat: NUMBER,
  iss: STRING,
  nbf: NUMBER,
  sub: STRING,
  auth_time: NUMBER,
};
const REQUIRED = ['aud', 'exp', 'iat', 'iss', 'sub'];

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Finds the claim that `openid-client` rejected without naming it: it is missing or has another type, such as a
 * number as a string. Returns no value of a claim.
 */
export function findInvalidClaim(claims: Readonly<Record<string, unknown>>): string {
  for (const [name, types] of Object.entries(TYPES)) {
    const value = claims[name];
    if (value === undefined && REQUIRED.includes(name)) return `${name} is missing`;
    if (value !== undefined && !types.includes(typeOf(value))) {
      return `${name} is ${typeOf(value)}, not ${types[0]}`;
    }
  }
  return 'a claim';
}
