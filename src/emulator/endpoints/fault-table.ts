import type { SigningKey } from '../state/signing-keys.ts';
import type { B2cErrorCode } from '../tokens/b2c-error.ts';
import { type Claims, encodeJson, hs256, type JwtDraft, rs256 } from '../tokens/jwt.ts';
import type { JsonResponse } from './response.ts';

/** Where faults apply, and to which value. */
export interface FaultPoints {
  /** Claims of an ID token. */
  claims: Claims;
  /** Header and signature of an ID token. */
  signature: JwtDraft;
  /** Response of the token endpoint. */
  token: JsonResponse;
  keys: JsonResponse;
  discovery: JsonResponse;
  /** Parameters of the authorization response. */
  callback: [name: string, value: string][];
}

export type FaultPoint = keyof FaultPoints;

/** Context that a fault can use, in addition to the value that it changes. */
export interface FaultContext {
  url: string;
  /** Body of the token endpoint's error response. */
  errorBody: (code: B2cErrorCode) => object;
  delayMs: number;
  otherPolicyName: string;
  clientSecret: string;
  signingKey: SigningKey;
  /** A key that is never in the JWKS of this policy. */
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

/** Every fault, by the point where it applies. One row per fault. */
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
    expired: (claims) => shiftTimes(claims, -2 * HOUR),
    future: (claims) => shiftTimes(claims, 2 * HOUR),
  },
  signature: {
    tampered_signature: (draft) => ({ ...draft, sign: (input) => flipBit(draft.sign(input)) }),
    tampered_claims: (draft) => ({
      ...draft,
      claims: { ...draft.claims, sub: OTHER_TENANT_ID },
      // The signature of the original claims.
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
    no_id_token: (response) => ({
      ...response,
      body: without(response.body, 'id_token', 'id_token_expires_in'),
    }),
    no_access_token: (response) => ({
      ...response,
      body: without(response.body, 'access_token', 'expires_in', 'expires_on', 'resource'),
    }),
    token_400: (response, { errorBody }) => failed(response, 400, errorBody('AADB2C90085')),
    token_429: (response, { errorBody }) => ({
      ...failed(response, 429, errorBody('AADB2C90244')),
      headers: ['Retry-After', '1'],
    }),
    token_500: (response) => failed(response, 500, 'Internal Server Error'),
    token_slow: slow,
    token_hang: (response) => ({ ...response, neverResponds: true }),
    token_garbage: garbage,
    token_huge: huge,
    token_redirect: (response, { url }) => ({
      ...failed(response, 307, ''),
      headers: ['Location', `${url}/_emulator/redirected`],
    }),
  },
  keys: {
    keys_500: (response) => failed(response, 500, 'Internal Server Error'),
    keys_slow: slow,
    keys_hang: (response) => ({ ...response, neverResponds: true }),
    keys_garbage: garbage,
    keys_huge: huge,
    keys_empty: (response) => ({ ...response, body: { keys: [] } }),
  },
  discovery: {
    discovery_500: (response) => failed(response, 500, 'Internal Server Error'),
    discovery_slow: slow,
    discovery_hang: (response) => ({ ...response, neverResponds: true }),
    discovery_garbage: garbage,
    discovery_huge: huge,
    discovery_wrong_issuer: (response) => withMember(response, 'issuer', `${FOREIGN_ORIGIN}/v2.0/`),
    discovery_other_tenant: (response) =>
      withMember(response, 'issuer', (issuer) =>
        issuer.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i, OTHER_TENANT_ID),
      ),
    discovery_foreign_endpoint: (response) =>
      withMember(response, 'token_endpoint', `${FOREIGN_ORIGIN}/oauth2/v2.0/token`),
  },
  callback: {
    callback_missing_state: (parameters) => parameters.filter(([name]) => name !== 'state'),
    callback_modified_state: (parameters) => modified(parameters, 'state'),
    callback_duplicate_state: (parameters) => duplicate(parameters, 'state'),
    callback_missing_code: (parameters) => parameters.filter(([name]) => name !== 'code'),
    callback_modified_code: (parameters) => modified(parameters, 'code'),
    callback_duplicate_code: (parameters) => duplicate(parameters, 'code'),
  },
};

function without(body: unknown, ...names: string[]): Record<string, unknown> {
  const members = Object.entries(body as Record<string, unknown>);
  return Object.fromEntries(members.filter(([name]) => !names.includes(name)));
}

function shiftTimes(claims: Claims, seconds: number): Claims {
  const shifted = { ...claims };
  for (const name of ['exp', 'nbf', 'iat', 'auth_time'])
    shifted[name] = Number(shifted[name]) + seconds;
  return shifted;
}

function flipBit(signature: Buffer): Buffer {
  const copy = Buffer.from(signature);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}

function signedWithSecret(draft: JwtDraft, secret: string): JwtDraft {
  const header = { ...draft.header, alg: 'HS256' };
  return { ...draft, header, sign: (input) => hs256(input, secret) };
}

function failed(response: JsonResponse, status: number, body: unknown): JsonResponse {
  return { ...response, status, body };
}

function slow(response: JsonResponse, { delayMs }: FaultContext): JsonResponse {
  return { ...response, delayMs };
}

function garbage(response: JsonResponse): JsonResponse {
  return { ...response, body: '<!doctype html><p>This is not JSON.</p>' };
}

// Valid except for the size: only a size limit rejects it.
function huge(response: JsonResponse): JsonResponse {
  return {
    ...response,
    body: { ...(response.body as object), padding: 'x'.repeat(TEN_MEGABYTES) },
  };
}

function withMember(
  response: JsonResponse,
  name: string,
  value: string | ((previous: string) => string),
): JsonResponse {
  const body = response.body as Record<string, string>;
  const newValue = typeof value === 'string' ? value : value(body[name] ?? '');
  return { ...response, body: { ...body, [name]: newValue } };
}

type Parameters = FaultPoints['callback'];

function modified(parameters: Parameters, wanted: string): Parameters {
  return parameters.map(([name, value]) => [name, name === wanted ? `${value}x` : value]);
}

function duplicate(parameters: Parameters, wanted: string): Parameters {
  return [...parameters, ...parameters.filter(([name]) => name === wanted)];
}

/** Old names, for the error message. */
export const RENAMED_FAULTS: Record<string, string> = {
  callback_lost_state: 'callback_missing_state',
  callback_changed_state: 'callback_modified_state',
  callback_doubled_state: 'callback_duplicate_state',
  callback_lost_code: 'callback_missing_code',
  callback_changed_code: 'callback_modified_code',
  callback_doubled_code: 'callback_duplicate_code',
};
