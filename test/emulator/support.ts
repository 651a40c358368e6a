import { after } from 'node:test';
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

/** Options that belong to one listener or one run, so that later tests cannot use the emulator. */
const NOT_SHARED: readonly (keyof EmulatorOptions)[] = [
  ...(['host', 'port', 'publicUrl', 'tls', 'now', 'keys', 'stateFile'] as const),
];

/** The emulators that no test uses at present, by their options. */
const idle = new Map<string, Emulator[]>();
after(async () => {
  for (const emulator of [...idle.values()].flat()) await emulator.close();
});

/**
 * An emulator that no other test uses at the same time. After the test it is reset, and later tests with
 * the same options get it again.
 */
export async function startEmulator(t: Scope, options: EmulatorOptions = {}): Promise<Emulator> {
  const keys = await sharedKeys();
  if (NOT_SHARED.some((name) => options[name] !== undefined)) {
    const emulator = await createEmulator({ keys, ...options });
    t.after(() => emulator.close());
    return emulator;
  }
  const key = JSON.stringify(options);
  const emulator = idle.get(key)?.pop() ?? (await createEmulator({ keys, ...options }));
  t.after(async () => {
    await admin(emulator, 'POST', 'reset');
    idle.set(key, [...(idle.get(key) ?? []), emulator]);
  });
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

/** Sends a call under `/_emulator/`. Returns status and JSON. */
export async function admin(
  { url }: Emulator,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${url}/_emulator/${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

/** Signs in without pages. Returns the URL of the authorization response. */
export async function signIn(
  emulator: Emulator,
  policy?: string,
  { parameters = {}, ...input }: { parameters?: Record<string, string | undefined> } & Json = {},
): Promise<URL> {
  const url = authorizationUrl(emulator, policy, parameters);
  const { body } = await admin(emulator, 'POST', 'authorize', { url, as: ALICE, ...input });
  return new URL(String(body['location']));
}

/** Sends a token request. Omits the parameters that are `undefined`. */
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
  const response = await fetch(url, { method: 'POST', body: form, headers });
  return { status: response.status, body: (await response.json()) as Json };
}

export const codeOf = (location: URL): string => location.searchParams.get('code') ?? '';

/** Signs in without pages. Returns the token response. */
export async function tokensOf(
  emulator: Emulator,
  policy = 'B2C_1_susi',
  input: Parameters<typeof signIn>[2] = {},
): Promise<Json> {
  const code = codeOf(await signIn(emulator, policy, input));
  return (await requestToken(emulator, policy, { code })).body;
}

export function partOf(token: unknown, index: 0 | 1): Json {
  const part = String(token).split('.')[index] ?? '';
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

export const claimsOf = (token: unknown): Json => partOf(token, 1);

/** `error`, and the code at the beginning of `error_description`. */
export function errorOf(parameters: URLSearchParams | Json): string {
  const read = (name: string) =>
    parameters instanceof URLSearchParams ? parameters.get(name) : parameters[name];
  return `${read('error')} ${String(read('error_description')).slice(0, 11)}`;
}
