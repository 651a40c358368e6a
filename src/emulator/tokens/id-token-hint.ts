/**
 * A signed token that the application sends along with the authorization request, so that a custom
 * policy starts with its claims: an invitation, for instance. It is signed with a secret that both
 * sides know (HS256), the simpler one of the two ways that B2C has.
 */
import { timingSafeEqual } from 'node:crypto';
import { B2cError } from '../protocol/b2c-error.ts';
import { type Claims, encodeJwt, hs256, parseJson } from './jwt.ts';

export interface IdTokenHintRules {
  secret: string;
  /** Compared when set. */
  issuer?: string;
  audience?: string;
  required: boolean;
}

const ABOUT_THE_TOKEN = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/**
 * What the hint says about the person.
 * @throws B2cError with a number of its own for each thing that can be wrong
 */
export function readIdTokenHint(hint: string | null, rules: IdTokenHintRules, now: number): Claims {
  if (!hint) {
    if (rules.required) throw new B2cError('AADB2C90272');
    return {};
  }
  const [header = '', payload = '', signature = '', ...more] = hint.split('.');
  const claims = parseJson(payload);
  if (!claims || !signature || more.length > 0 || parseJson(header)?.['alg'] !== 'HS256') {
    throw new B2cError('AADB2C90210');
  }
  const expected = hs256(`${header}.${payload}`, rules.secret);
  const actual = Buffer.from(signature, 'base64url');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw new B2cError('AADB2C90233');
  }
  if (!(Number(claims['exp']) * 1000 > now)) throw new B2cError('AADB2C90208');
  if (rules.audience !== undefined && claims['aud'] !== rules.audience) {
    throw new B2cError('AADB2C90209');
  }
  if (rules.issuer !== undefined && claims['iss'] !== rules.issuer) {
    throw new B2cError('AADB2C90232');
  }
  const personal = Object.entries(claims).filter(([name]) => !ABOUT_THE_TOKEN.has(name));
  return Object.fromEntries(personal);
}

/** A hint that the rules accept for a day. */
export function signIdTokenHint(rules: IdTokenHintRules, claims: Claims, now: number): string {
  const nowSeconds = Math.floor(now / 1000);
  return encodeJwt({
    header: { typ: 'JWT', alg: 'HS256' },
    claims: {
      ...(rules.issuer === undefined ? {} : { iss: rules.issuer }),
      ...(rules.audience === undefined ? {} : { aud: rules.audience }),
      nbf: nowSeconds,
      iat: nowSeconds,
      exp: nowSeconds + 86_400,
      ...claims,
    },
    sign: (input) => hs256(input, rules.secret),
  });
}
