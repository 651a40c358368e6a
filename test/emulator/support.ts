import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
} from '../../dist/emulator/emulator.js';
import type { Scope } from '../support/shared.js';
import { sharedKeys } from '../support/signing-keys.js';

export const REDIRECT_URI = 'http://localhost:3000/auth/redirect';
export const CLIENT_ID = 'f0b6e55f-0000-4000-8000-00000000a001';
export const TENANT_ID = 'f0b6e55f-0000-4000-8000-000000000001';
export const ALICE = 'alice@example.com';
export const PASSWORD = 'Pass@word1';
// RFC 7636, appendix B
export const CODE_VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CODE_CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** An emulator of its own on a free port, stopped with the test. */
export async function startEmulator(t: Scope, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await createEmulator({ keys: await sharedKeys(), ...options });
  t.after(() => emulator.close());
  return emulator;
}

export function authorizationUrl(
  { authority }: Pick<Emulator, 'authority'>,
  policy = 'B2C_1_susi',
  more: Record<string, string | undefined> = {},
): string {
  const url = new URL(`${authority}/${policy}/oauth2/v2.0/authorize`);
  const parameters = {
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: `openid offline_access ${CLIENT_ID}`,
    state: 'the-state',
    nonce: 'the-nonce',
    ...more,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

export type Json = Record<string, unknown>;

/** A call under `/_emulator/`; its status is returned with the JSON. */
export async function admin(
  { url }: Emulator,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Json }> {
  const answer = await fetch(`${url}/_emulator/${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}

/** Signs in without pages; where the browser would be sent. */
export async function signIn(
  emulator: Emulator,
  policy?: string,
  { parameters = {}, ...how }: { parameters?: Record<string, string | undefined> } & Json = {},
): Promise<URL> {
  const url = authorizationUrl(emulator, policy, parameters);
  const { body } = await admin(emulator, 'POST', 'authorize', { url, as: ALICE, ...how });
  return new URL(String(body['location']));
}

/** A token request; what is `undefined` in `more` is left out. */
export async function requestToken(
  { authority }: Emulator,
  policy: string,
  more: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json }> {
  const parameters = {
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    client_secret: 'emulator-secret',
    redirect_uri: REDIRECT_URI,
    ...more,
  };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.set(name, value);
  }
  const url = `${authority}/${policy}/oauth2/v2.0/token`;
  const answer = await fetch(url, { method: 'POST', body: form, headers });
  return { status: answer.status, body: (await answer.json()) as Json };
}

export const codeOf = (location: URL): string => location.searchParams.get('code') ?? '';

/** A scripted sign-in and the answer to its code. */
export async function tokensOf(
  emulator: Emulator,
  policy = 'B2C_1_susi',
  how: Parameters<typeof signIn>[2] = {},
): Promise<Json> {
  const code = codeOf(await signIn(emulator, policy, how));
  return (await requestToken(emulator, policy, { code })).body;
}

export function partOf(token: unknown, index: 0 | 1): Json {
  const part = String(token).split('.')[index] ?? '';
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

export const claimsOf = (token: unknown): Json => partOf(token, 1);

/** `error` and the number in front of its description. */
export function errorOf(parameters: URLSearchParams | Json): string {
  const read = (name: string) =>
    parameters instanceof URLSearchParams ? parameters.get(name) : parameters[name];
  return `${read('error')} ${String(read('error_description')).slice(0, 11)}`;
}
