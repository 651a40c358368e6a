import type { ClaimType } from './claims.ts';

/** An account at an issuer: `userIdentity`. */
export interface UserIdentity {
  readonly issuer: string;
  readonly issuerUserId: string;
}

/** An account at an identity provider, in the older form: `alternativeSecurityId`. */
export interface AlternativeSecurityId {
  readonly type: number;
  readonly identityProvider: string;
  /** In base64. */
  readonly key: string;
}

/**
 * The value of a claim while a journey runs. `date` and `dateTime` are ISO 8601 texts in UTC, `int` and
 * `long` are numbers; `duration` and `phoneNumber` are texts.
 */
export type ClaimValue =
  | string
  | number
  | boolean
  | UserIdentity
  | AlternativeSecurityId
  | readonly string[]
  | readonly UserIdentity[]
  | readonly AlternativeSecurityId[];

/** The claims of one journey, by the ID of their claim type in lower case. A claim without a value is absent. */
export type ClaimsBag = Map<string, ClaimValue>;

export const readClaim = (bag: ReadonlyMap<string, ClaimValue>, { id }: Pick<ClaimType, 'id'>) =>
  bag.get(id.toLowerCase());

/** Stores a value; `undefined` removes the claim. */
export function writeClaim(
  bag: ClaimsBag,
  { id }: Pick<ClaimType, 'id'>,
  value: ClaimValue | undefined,
): void {
  if (value === undefined) bag.delete(id.toLowerCase());
  else bag.set(id.toLowerCase(), value);
}
