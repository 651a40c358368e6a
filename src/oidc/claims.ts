/** The claims of an ID token that has passed every check. */
export type CheckedClaims = Record<string, unknown> & { sub: string };

/** Somebody whom the provider has vouched for. */
export interface User {
  /** `sub`: the one thing to know a user by; e-mail addresses change hands. */
  subject: string;
  name: string;
  email?: string | undefined;
  /** The claims of the ID token, as they came. Without prototype. */
  claims: CheckedClaims;
}

/** The name of somebody of whom the provider gave none. */
export const UNNAMED = 'Unnamed user';

// What a token says about itself, which a later token of another policy must not change.
const TOKEN_CLAIMS = new Set(
  'iss sub aud exp nbf iat auth_time nonce ver tfp acr azp sid at_hash c_hash jti'.split(' '),
);

/** A token of the person's other provider, which B2C passes on when asked to: not for any page or address. */
export const IDP_ACCESS_TOKEN = 'idp_access_token';

/** The user whom claims describe; all of them but `sub` may be missing or of any type. */
export function userFromClaims(claims: CheckedClaims): User {
  const email = [firstOf(claims['emails']), claims['email'], claims['preferred_username']].find(
    isText,
  );
  const parts = [claims['given_name'], claims['family_name']].filter(isText).join(' ');
  // "unknown" is what B2C writes when sign-up does not ask for a display name.
  const displayName = claims['name'] === 'unknown' ? undefined : claims['name'];
  const name = [displayName, parts, email].find(isText) ?? UNNAMED;
  const own: CheckedClaims = Object.assign(Object.create(null), claims);
  delete own[IDP_ACCESS_TOKEN];
  return { subject: claims.sub, name, email, claims: own };
}

/** The user with what a later token, of a policy such as profile editing, says anew about the person. */
export function mergeClaims(user: User, newer: User): User {
  const changed = Object.entries(newer.claims).filter(([name]) => !TOKEN_CLAIMS.has(name));
  return userFromClaims({ ...user.claims, ...Object.fromEntries(changed) });
}

/** The same for somebody else's hands: what is written into it changes no session. */
export function cloneUser(user: User): User {
  const claims = Object.assign(Object.create(null), structuredClone(user.claims));
  return { ...user, claims };
}

/** Whether of each claim one value is among those wanted. */
export function hasClaims(
  { claims }: User,
  wanted: Readonly<Record<string, readonly unknown[]>>,
): boolean {
  return Object.entries(wanted).every(([name, allowed]) =>
    [claims[name]].flat().some((value) => value !== undefined && allowed.includes(value)),
  );
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);
