/** Decodes and checks a token, as an application would. */
import { findPolicy, type Policy } from '../definition/policy.ts';
import { buildIssuer } from '../definition/tenant-kinds.ts';
import type { LocalTenant } from '../endpoints/local-tenant.ts';
import type { PolicyRun } from '../endpoints/own-application.ts';
import { findKeyRing } from '../state/signing-keys.ts';
import { type Claims, parseJson, readSignedClaims } from '../tokens/jwt.ts';
import { claimMeaning } from './claim-meanings.ts';

export interface DecodedToken {
  name: string;
  text: string;
  header: [name: string, value: string][];
  claims: { name: string; value: string; meaning: string }[];
  json: string;
  checks: Check[];
}

interface Check {
  name: string;
  isGood: boolean;
  detail: string;
}

interface TokenContext {
  tenant: Pick<LocalTenant, 'definition' | 'keys'>;
  run: PolicyRun;
  /** Epoch milliseconds. */
  now: number;
}

/** `undefined` for a token that is not a JWT, such as a refresh token. */
export function decodeToken(
  name: string,
  text: string,
  context: TokenContext,
): DecodedToken | undefined {
  const [head = '', payload = ''] = text.split('.');
  const header = parseJson(head);
  const claims = parseJson(payload);
  if (!header || !claims) return undefined;
  return {
    ...{ name, text, header: Object.entries(header).map(([key, value]) => [key, show(value)]) },
    claims: Object.entries(claims).map(([claim, value]) => ({
      ...{ name: claim, meaning: claimMeaning(claim) },
      value: TIMES.has(claim) ? showTime(value, context.now) : show(value),
    })),
    json: JSON.stringify({ header, claims }, undefined, 2),
    checks: checkToken(text, { ...context, header, claims, isIdToken: name === 'ID token' }),
  };
}

const show = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

const TIMES = new Set(['exp', 'nbf', 'iat', 'auth_time']);

/** `2026-11-29 20:15:00 UTC, in 60 min (1796069700)` */
function showTime(value: unknown, now: number): string {
  const time = new Date(Number(value) * 1000);
  if (Number.isNaN(time.getTime())) return show(value);
  const seconds = Math.round((time.getTime() - now) / 1000);
  const [amount, unit] =
    Math.abs(seconds) < 120
      ? [Math.abs(seconds), 's']
      : Math.abs(seconds) < 7200
        ? [Math.round(Math.abs(seconds) / 60), 'min']
        : [Math.round(Math.abs(seconds) / 3600), 'h'];
  const relative = seconds > 0 ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
  return `${time.toISOString().replace('T', ' ').slice(0, 19)} UTC, ${relative} (${value})`;
}

interface CheckedToken extends TokenContext {
  header: Claims;
  claims: Claims;
  isIdToken: boolean;
}

function checkToken(text: string, token: CheckedToken): Check[] {
  const { tenant, run, claims, now, isIdToken } = token;
  const { definition } = tenant;
  const policy = findPolicy(definition.policies, run.policyName);
  if (!policy) return [];
  const issuer = buildIssuer(run.origin, definition.tenant, policy);
  return [
    checkSignature(text, { ...token, policy }),
    checkValue('Issuer', claims['iss'], issuer),
    ...(isIdToken ? [checkValue('Audience', claims['aud'], run.clientId)] : []),
    ...(isIdToken ? [checkValue('Nonce', claims['nonce'], run.nonce)] : []),
    checkTimes(claims, now),
  ];
}

function checkSignature(
  text: string,
  { tenant: { keys }, header, policy }: CheckedToken & { policy: Policy },
): Check {
  const ring = findKeyRing(keys, policy);
  const { alg, kid } = header;
  const isGood = alg === 'RS256' && readSignedClaims(text, ring) !== undefined;
  const isPublished = ring.some((key) => key.kid === kid);
  const problem =
    alg !== 'RS256'
      ? `alg is ${show(alg)} instead of RS256`
      : isPublished
        ? 'does not match the published key'
        : `the key ${show(kid)} is not published`;
  return { name: 'Signature', isGood, detail: isGood ? `verified with ${kid}` : problem };
}

function checkValue(name: string, actual: unknown, expected: string): Check {
  const isGood = actual === expected;
  const detail = isGood ? 'as expected' : `${show(actual) ?? 'missing'} instead of ${expected}`;
  return { name, isGood, detail };
}

function checkTimes({ nbf, exp }: Claims, now: number): Check {
  const seconds = now / 1000;
  const isExpired = !(Number(exp) > seconds);
  const isGood = !isExpired && Number(nbf) <= seconds;
  const detail = isGood ? 'now' : isExpired ? 'expired' : 'not yet';
  return { name: 'Valid', isGood, detail };
}
