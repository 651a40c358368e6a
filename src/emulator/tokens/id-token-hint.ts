/**
 * A signed token in the authorization request that gives a custom policy its first claims, for example
 * in an invitation. A shared secret signs it (HS256), or a key that its issuer publishes (RS256).
 */
import { timingSafeEqual } from 'node:crypto';
import type { IdTokenHintRules } from '../definition/policy.ts';
import { B2cError } from './b2c-error.ts';
import {
  type Claims,
  encodeJwt,
  hs256,
  type PublicKey,
  parseJson,
  readSignedClaims,
} from './jwt.ts';

const CLOCK_SKEW_MS = 300_000;
const TOKEN_CLAIMS = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/**
 * Returns the user claims of the hint.
 * @throws B2cError with a separate code for each check
 */
export function readIdTokenHint(
  hint: string | null,
  rules: HintRules & Pick<IdTokenHintRules, 'secret' | 'required'>,
  now: number,
): Claims {
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
  return checkHint(claims, rules, now);
}

/** Reads a hint that one of the published keys of its issuer signed. @throws B2cError */
export function readPublishedHint(
  hint: string,
  { keys, ...rules }: HintRules & { keys: readonly PublicKey[] },
  now: number,
): Claims {
  if (parseJson(hint.split('.')[0] ?? '')?.['alg'] !== 'RS256') throw new B2cError('AADB2C90210');
  const claims = readSignedClaims(hint, keys);
  if (!claims) throw new B2cError('AADB2C90233');
  return checkHint(claims, rules, now);
}

interface HintRules {
  audience?: string | undefined;
  issuer?: string | undefined;
}

function checkHint(claims: Claims, { audience, issuer }: HintRules, now: number): Claims {
  if (!(Number(claims['exp']) * 1000 > now)) throw new B2cError('AADB2C90208');
  // Clocks differ by a few minutes.
  if (Number(claims['nbf'] ?? 0) * 1000 > now + CLOCK_SKEW_MS) throw new B2cError('AADB2C90208');
  if (audience !== undefined && claims['aud'] !== audience) throw new B2cError('AADB2C90209');
  if (issuer !== undefined && claims['iss'] !== issuer) throw new B2cError('AADB2C90232');
  const userClaims = Object.entries(claims).filter(([name]) => !TOKEN_CLAIMS.has(name));
  return Object.fromEntries(userClaims);
}

/** Signs a hint that is valid for one day. */
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
