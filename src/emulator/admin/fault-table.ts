import type { Answer } from '../protocol/answer.ts';
import type { B2cErrorCode } from '../protocol/b2c-error.ts';
import { type Claims, encodeJson, hs256, type JwtDraft, rs256 } from '../tokens/jwt.ts';
import type { SigningKey } from '../tokens/keys.ts';

/** Where a fault can act, and on what. */
export interface FaultPoints {
  /** The claims of an ID token. */
  claims: Claims;
  /** Header and signature of an ID token. */
  signature: JwtDraft;
  /** The token endpoint's answer. */
  token: Answer;
  keys: Answer;
  discovery: Answer;
  /** What the browser carries back to the application. */
  callback: [name: string, value: string][];
}

export type FaultPoint = keyof FaultPoints;

/** What a fault may need to know besides the thing it spoils. */
export interface FaultContext {
  url: string;
  /** What the token endpoint says of this error. */
  refusal: (code: B2cErrorCode) => object;
  delayMs: number;
  otherPolicyName: string;
  clientSecret: string;
  signingKey: SigningKey;
  /** A key that is never in the key set of this policy. */
  otherKey: SigningKey;
}

type Change<Point extends FaultPoint> = (
  value: FaultPoints[Point],
  context: FaultContext,
) => FaultPoints[Point];

const HOUR = 3600;
const TEN_MEGABYTES = 10 * 1024 * 1024;
const FOREIGN_ORIGIN = 'https://foreign.example';
const OTHER_TENANT_ID = '99999999-9999-4999-8999-999999999999';

/** Every fault, by the point where it acts: one row each. */
export const FAULTS: { [Point in FaultPoint]: Record<string, Change<Point>> } = {
  claims: {
    wrong_issuer: (claims) => ({ ...claims, iss: `${FOREIGN_ORIGIN}/v2.0/` }),
    wrong_audience: (claims) => ({ ...claims, aud: OTHER_TENANT_ID }),
    extra_audience: (claims) => ({ ...claims, aud: [claims['aud'], OTHER_TENANT_ID] }),
    wrong_azp: (claims) => ({ ...claims, azp: OTHER_TENANT_ID }),
    wrong_nonce: (claims) => ({ ...claims, nonce: 'another-nonce' }),
    missing_nonce: (claims) => without(claims, 'nonce'),
    wrong_policy: (claims, { otherPolicyName }) =>
      'acr' in claims
        ? { ...claims, acr: otherPolicyName.toLowerCase() }
        : { ...claims, tfp: otherPolicyName },
    missing_policy: (claims) => without(claims, 'tfp', 'acr'),
    missing_subject: (claims) => without(claims, 'sub'),
    other_subject: (claims) => ({ ...claims, sub: OTHER_TENANT_ID }),
    empty_subject: (claims) => ({ ...claims, sub: '' }),
    missing_auth_time: (claims) => without(claims, 'auth_time'),
    expired: (claims) => movedInTime(claims, -2 * HOUR),
    future: (claims) => movedInTime(claims, 2 * HOUR),
  },
  signature: {
    tampered_signature: (draft) => ({ ...draft, sign: (input) => flipped(draft.sign(input)) }),
    tampered_claims: (draft) => ({
      ...draft,
      claims: { ...draft.claims, sub: OTHER_TENANT_ID },
      // Over the claims as they were before.
      sign: (input) => draft.sign(`${input.split('.')[0]}.${encodeJson(draft.claims)}`),
    }),
    wrong_key: (draft, { otherKey }) => ({ ...draft, sign: (input) => rs256(input, otherKey) }),
    unknown_kid: (draft) => ({ ...draft, header: { ...draft.header, kid: 'unknown-kid' } }),
    alg_none: (draft) => ({
      ...draft,
      header: { ...draft.header, alg: 'none' },
      sign: () => Buffer.alloc(0),
    }),
    hs256: (draft, { clientSecret }) => signedWithSecret(draft, clientSecret),
    hs256_public_key: (draft, { signingKey }) =>
      signedWithSecret(
        draft,
        signingKey.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      ),
  },
  token: {
    no_id_token: (answer) => ({
      ...answer,
      body: without(answer.body, 'id_token', 'id_token_expires_in'),
    }),
    no_access_token: (answer) => ({
      ...answer,
      body: without(answer.body, 'access_token', 'expires_in', 'expires_on', 'resource'),
    }),
    token_400: (answer, { refusal }) => failed(answer, 400, refusal('AADB2C90085')),
    token_429: (answer, { refusal }) => ({
      ...failed(answer, 429, refusal('AADB2C90244')),
      headers: ['Retry-After', '1'],
    }),
    token_500: (answer) => failed(answer, 500, 'Internal Server Error'),
    token_slow: slow,
    token_hang: (answer) => ({ ...answer, hangs: true }),
    token_garbage: garbage,
    token_huge: huge,
    token_redirect: (answer, { url }) => ({
      ...failed(answer, 307, ''),
      headers: ['Location', `${url}/_emulator/redirected`],
    }),
  },
  keys: {
    keys_500: (answer) => failed(answer, 500, 'Internal Server Error'),
    keys_slow: slow,
    keys_hang: (answer) => ({ ...answer, hangs: true }),
    keys_garbage: garbage,
    keys_huge: huge,
    keys_empty: (answer) => ({ ...answer, body: { keys: [] } }),
  },
  discovery: {
    discovery_500: (answer) => failed(answer, 500, 'Internal Server Error'),
    discovery_slow: slow,
    discovery_hang: (answer) => ({ ...answer, hangs: true }),
    discovery_garbage: garbage,
    discovery_huge: huge,
    discovery_wrong_issuer: (answer) => withMember(answer, 'issuer', `${FOREIGN_ORIGIN}/v2.0/`),
    discovery_other_tenant: (answer) =>
      withMember(answer, 'issuer', (issuer) =>
        issuer.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i, OTHER_TENANT_ID),
      ),
    discovery_foreign_endpoint: (answer) =>
      withMember(answer, 'token_endpoint', `${FOREIGN_ORIGIN}/oauth2/v2.0/token`),
  },
  callback: {
    callback_lost_state: (parameters) => parameters.filter(([name]) => name !== 'state'),
    callback_changed_state: (parameters) => changed(parameters, 'state'),
    callback_doubled_state: (parameters) => doubled(parameters, 'state'),
    callback_lost_code: (parameters) => parameters.filter(([name]) => name !== 'code'),
    callback_changed_code: (parameters) => changed(parameters, 'code'),
    callback_doubled_code: (parameters) => doubled(parameters, 'code'),
  },
};

function without(body: unknown, ...names: string[]): Record<string, unknown> {
  const members = Object.entries(body as Record<string, unknown>);
  return Object.fromEntries(members.filter(([name]) => !names.includes(name)));
}

function movedInTime(claims: Claims, seconds: number): Claims {
  const moved = { ...claims };
  for (const name of ['exp', 'nbf', 'iat', 'auth_time'])
    moved[name] = Number(moved[name]) + seconds;
  return moved;
}

function flipped(signature: Buffer): Buffer {
  const copy = Buffer.from(signature);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}

function signedWithSecret(draft: JwtDraft, secret: string): JwtDraft {
  const header = { ...draft.header, alg: 'HS256' };
  return { ...draft, header, sign: (input) => hs256(input, secret) };
}

function failed(answer: Answer, status: number, body: unknown): Answer {
  return { ...answer, status, body };
}

function slow(answer: Answer, { delayMs }: FaultContext): Answer {
  return { ...answer, delayMs };
}

function garbage(answer: Answer): Answer {
  return { ...answer, body: '<!doctype html><p>This is not JSON.</p>' };
}

// Right in every other way: only a limit on the size can refuse it.
function huge(answer: Answer): Answer {
  return { ...answer, body: { ...(answer.body as object), padding: 'x'.repeat(TEN_MEGABYTES) } };
}

function withMember(
  answer: Answer,
  name: string,
  value: string | ((old: string) => string),
): Answer {
  const body = answer.body as Record<string, string>;
  const changedValue = typeof value === 'string' ? value : value(body[name] ?? '');
  return { ...answer, body: { ...body, [name]: changedValue } };
}

type Parameters = FaultPoints['callback'];

function changed(parameters: Parameters, wanted: string): Parameters {
  return parameters.map(([name, value]) => [name, name === wanted ? `${value}x` : value]);
}

function doubled(parameters: Parameters, wanted: string): Parameters {
  return [...parameters, ...parameters.filter(([name]) => name === wanted)];
}
