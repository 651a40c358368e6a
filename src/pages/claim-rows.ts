import type { Language } from './languages.ts';

/** One row of the claims page. */
export interface ClaimRow {
  name: string;
  /** The claim as it is when it is text, one for each member of a list of texts; else its JSON. */
  values: string[];
  /** What the claim is in plain words, where that is known. */
  meaning?: string | undefined;
  isText: boolean;
  /** The same moment in ISO 8601 and in a form for people, for claims that are times. */
  time?: string | undefined;
  timeText?: string | undefined;
}

/** The claims of an ID token by what they speak of. */
export interface ClaimGroups {
  userClaims: ClaimRow[];
  authenticationClaims: ClaimRow[];
  tokenClaims: ClaimRow[];
}

// In the order in which they are shown; others follow as the token has them.
const PERSON_CLAIMS =
  'name given_name family_name nickname preferred_username email emails sub oid'.split(' ');
// Who says it, and on what occasion.
const SOURCE_CLAIMS =
  'idp idp_access_token iss tid tfp acr amr auth_time newUser isForgotPassword'.split(' ');
// The token itself. Everything that is in neither is about the person.
const TOKEN_CLAIMS = 'iat nbf exp aud azp nonce sid jti ver typ at_hash c_hash s_hash'.split(' ');
const TIME_CLAIMS = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at']);

export function groupClaims(claims: Record<string, unknown>, language: Language): ClaimGroups {
  const others = new Map(Object.entries(claims));
  const take = (names: Iterable<string>) =>
    [...names].flatMap((name) => {
      const value = others.get(name);
      return others.delete(name) ? [claimRow(name, value, language)] : [];
    });
  const authenticationClaims = take(SOURCE_CLAIMS);
  const tokenClaims = take(TOKEN_CLAIMS);
  const userClaims = [...take(PERSON_CLAIMS), ...take(others.keys())];
  return { userClaims, authenticationClaims, tokenClaims };
}

// The latest moment that ECMAScript can name; a time beyond it is shown as the number it is.
const LAST_SECOND = 8.64e12;

function claimRow(name: string, value: unknown, language: Language): ClaimRow {
  const isTime =
    TIME_CLAIMS.has(name) && typeof value === 'number' && Math.abs(value) <= LAST_SECOND;
  const texts = [value].flat();
  const isText = texts.length > 0 && texts.every((text) => typeof text === 'string');
  return {
    name,
    values: isText ? texts : [jsonOf(value)],
    isText,
    meaning: meaningOf(name, language),
    ...(isTime ? language.timeOf(value * 1000) : {}),
  };
}

// As much as a desk has room for.
const LINE_CHARACTERS = 60;

/** On one line, or with a line for each member: it is to be read. */
function jsonOf(value: unknown): string {
  const line = JSON.stringify(value);
  return line.length <= LINE_CHARACTERS ? line : JSON.stringify(value, null, 2);
}

// B2C's name for attributes that a tenant has added: `extension_Tier`.
const OWN_ATTRIBUTE = /^extension_./;

function meaningOf(name: string, { texts: { claims } }: Language): string | undefined {
  if (Object.hasOwn(claims, name)) return claims[name];
  return OWN_ATTRIBUTE.test(name) ? claims['extension'] : undefined;
}
