/** The claims of an ID token that has passed every check. */
export type CheckedClaims = Record<string, unknown> & { sub: string };

/** A user that the provider has authenticated. */
export interface User {
  /** The `sub` claim. Identifies the user; email addresses can pass to another user. */
  subject: string;
  name: string;
  email?: string | undefined;
  /** The claims of the ID token; those of `claimTypes` have their types. Without prototype. */
  claims: CheckedClaims;
}

/** The name of a user whose claims contain no name. */
export const UNNAMED = 'Unnamed user';

/** Claims about the token itself and the authentication. They come from the policy's own ID token only. */
export const TOKEN_CLAIMS: ReadonlySet<string> = new Set(
  'iss sub aud exp nbf iat auth_time nonce ver tfp acr azp sid at_hash c_hash jti'.split(' '),
);

/** The access token of the identity provider, which B2C can include. Never shown, and never in a URL. */
export const IDP_ACCESS_TOKEN = 'idp_access_token';

/** Returns the user that claims describe. All claims except `sub` may be missing, or of any type. */
export function userFromClaims(claims: CheckedClaims): User {
  const email = [firstOf(claims['emails']), claims['email'], claims['preferred_username']].find(
    isText,
  );
  const parts = [claims['given_name'], claims['family_name']].filter(isText).join(' ');
  // B2C writes "unknown" when sign-up does not ask for a display name.
  const displayName = claims['name'] === 'unknown' ? undefined : claims['name'];
  const name = [displayName, parts, email].find(isText) ?? UNNAMED;
  const copy: CheckedClaims = Object.assign(Object.create(null), claims);
  delete copy[IDP_ACCESS_TOKEN];
  return { subject: claims.sub, name, email, claims: copy };
}

/** Returns a deep copy of a user for application code, whose changes then affect no session. */
export function cloneUser(user: User): User {
  const claims = Object.assign(Object.create(null), structuredClone(user.claims));
  return { ...user, claims };
}

/** Finds the first claim that has none of its allowed values. A claim without a value never matches. */
export function findUnmetClaim(
  { claims }: User,
  allowed: Readonly<Record<string, readonly unknown[]>>,
): string | undefined {
  return Object.keys(allowed).find(
    (name) =>
      ![claims[name]]
        .flat()
        .some((value) => value !== undefined && value !== null && allowed[name]?.includes(value)),
  );
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);
