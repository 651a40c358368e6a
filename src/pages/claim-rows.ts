import type { Language } from './languages.ts';

/** One row of the claims page. */
export interface ClaimRow {
  name: string;
  /** The claim itself if it is a string, one value for each member of a list of strings; otherwise its JSON. */
  values: string[];
  /** The meaning of the claim, if known. */
  meaning?: string | undefined;
  isText: boolean;
  /** The time in ISO 8601 and as text, for claims that are times. */
  time?: string | undefined;
  timeText?: string | undefined;
}

/** The claims of an ID token by subject. */
export interface ClaimGroups {
  userClaims: ClaimRow[];
  authenticationClaims: ClaimRow[];
  tokenClaims: ClaimRow[];
}

// In display order; other claims follow in the order of the token.
const USER_CLAIMS =
  'name given_name family_name nickname preferred_username email emails sub oid'.split(' ');
const AUTHENTICATION_CLAIMS =
  'idp idp_access_token iss tid tfp acr amr auth_time newUser isForgotPassword'.split(' ');
// Claims in neither list are about the user.
const TOKEN_CLAIMS = 'iat nbf exp aud azp nonce sid jti ver typ at_hash c_hash s_hash'.split(' ');
const TIME_CLAIMS = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at']);

export function groupClaims(claims: Record<string, unknown>, language: Language): ClaimGroups {
  const others = new Map(Object.entries(claims));
  const take = (names: Iterable<string>) =>
    [...names].flatMap((name) => {
      const value = others.get(name);
      return others.delete(name) ? [claimRow(name, value, language)] : [];
    });
  const authenticationClaims = take(AUTHENTICATION_CLAIMS);
  const tokenClaims = take(TOKEN_CLAIMS);
  const userClaims = [...take(USER_CLAIMS), ...take(others.keys())];
  return { userClaims, authenticationClaims, tokenClaims };
}

// The latest time that ECMAScript can represent; a later one is shown as a number.
const LAST_SECOND = 8.64e12;

function claimRow(name: string, value: unknown, language: Language): ClaimRow {
  const isTime =
    TIME_CLAIMS.has(name) && typeof value === 'number' && Math.abs(value) <= LAST_SECOND;
  const texts = [value].flat();
  const isText = texts.length > 0 && texts.every((text) => typeof text === 'string');
  return {
    name,
    values: isText ? texts : [formatJson(value)],
    isText,
    meaning: findMeaning(name, language),
    ...(isTime ? language.timeOf(value * 1000) : {}),
  };
}

// The width of the value column on a desktop.
const LINE_CHARACTERS = 60;

/** On one line, or with a line for each member if it is long. */
function formatJson(value: unknown): string {
  const line = JSON.stringify(value);
  return line.length <= LINE_CHARACTERS ? line : JSON.stringify(value, null, 2);
}

// B2C's prefix for custom attributes of a tenant: `extension_Tier`.
const CUSTOM_ATTRIBUTE = /^extension_./;

function findMeaning(name: string, { texts: { claims } }: Language): string | undefined {
  if (Object.hasOwn(claims, name)) return claims[name];
  return CUSTOM_ATTRIBUTE.test(name) ? claims['extension'] : undefined;
}
