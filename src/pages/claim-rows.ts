import type { Language } from './languages.ts';

/** One row of the claims page. */
export interface ClaimRow {
  name: string;
  /** The claim as it is when it is text, else its JSON, of several lines when it is long. */
  value: string;
  /** What the claim is in plain words, where that is known. */
  meaning?: string | undefined;
  isText: boolean;
  /** The same moment in ISO 8601 and in a form for people, for claims that are times. */
  time?: string | undefined;
  timeText?: string | undefined;
}

/** The claims of an ID token by what they speak of. */
export interface ClaimGroups {
  personClaims: ClaimRow[];
  sourceClaims: ClaimRow[];
  tokenClaims: ClaimRow[];
}

// Who says it, and on what occasion.
const SOURCE_CLAIMS = new Set(
  'idp idp_access_token iss tid tfp acr amr auth_time newUser isForgotPassword'.split(' '),
);
// The token itself. Everything that is in neither is about the person.
const TOKEN_CLAIMS = new Set(
  'aud azp exp nbf iat nonce ver sid at_hash c_hash s_hash jti typ'.split(' '),
);
const TIME_CLAIMS = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at']);

export function groupClaims(claims: Record<string, unknown>, language: Language): ClaimGroups {
  const groups: ClaimGroups = { personClaims: [], sourceClaims: [], tokenClaims: [] };
  for (const [name, value] of Object.entries(claims)) {
    const group = SOURCE_CLAIMS.has(name)
      ? groups.sourceClaims
      : TOKEN_CLAIMS.has(name)
        ? groups.tokenClaims
        : groups.personClaims;
    group.push(claimRow(name, value, language));
  }
  return groups;
}

// The latest moment that ECMAScript can name; a time beyond it is shown as the number it is.
const LAST_SECOND = 8.64e12;

function claimRow(name: string, value: unknown, language: Language): ClaimRow {
  const isTime =
    TIME_CLAIMS.has(name) && typeof value === 'number' && Math.abs(value) <= LAST_SECOND;
  const isText = typeof value === 'string';
  return {
    name,
    value: isText ? value : jsonOf(value),
    isText,
    meaning: meaningOf(name, language),
    ...(isTime ? language.timeOf(value * 1000) : {}),
  };
}

// As much as a desk has room for.
const LINE_CHARACTERS = 60;

/** On one line, or with a line for each member: a list of groups is to be read. */
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
