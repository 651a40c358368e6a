import { type Application, findApplication } from '../tenant/application.ts';
import type { Policy } from '../tenant/policy.ts';
import type { TenantDefinition } from '../tenant/tenant.ts';
import { readIdTokenHint } from '../tokens/id-token-hint.ts';
import type { Claims } from '../tokens/jwt.ts';
import { resolveClaims } from '../tokens/policy-claims.ts';
import { type GrantedScope, parseScope } from '../tokens/scopes.ts';
import { B2cError } from './b2c-error.ts';
import { isLoopbackUrl } from './loopback.ts';

export type ResponseMode = 'query' | 'fragment' | 'form_post';
type ResponseType = 'code' | 'id_token' | 'token';
type Prompt = 'none' | 'login' | 'consent' | 'select_account';

/** Where answers and errors go, once client and redirect URI are known. */
export interface ReturnAddress {
  client: Application;
  redirectUri: string;
  responseMode: ResponseMode;
  state: string | undefined;
  /** Set when the redirect URI of the request is not registered: B2C says so at one that is. */
  mismatch?: B2cError;
}

export interface AuthorizationRequest {
  returnAddress: ReturnAddress;
  client: Application;
  policy: Policy;
  /** The first part of the address the request came to; pages and issuers repeat it. */
  origin: string;
  responseTypes: ResponseType[];
  scope: GrantedScope;
  nonce: string | undefined;
  prompt: Prompt | undefined;
  loginHint: string | undefined;
  codeChallenge: { value: string; method: 'S256' | 'plain' } | undefined;
  domainHint: string | undefined;
  uiLocales: string | undefined;
  /** Claims that the application vouches for: a custom policy may take them. */
  hintedClaims: Claims;
  /** Of the policy's settings, with the parameters they ask for. */
  policyClaims: Claims;
  /** MSAL asks for it, here or at the token endpoint. */
  clientInfo: boolean;
}

/** @throws B2cError for what is told on a page, since there is nowhere safe to go back to */
export function parseReturnAddress(
  parameters: URLSearchParams,
  { tenant, applications, behaviour }: TenantDefinition,
): ReturnAddress {
  for (const value of parameters.values()) {
    // `claims` of MSAL is JSON and allowed; markup is not.
    if (/<[a-z/!]/i.test(value)) throw new B2cError('AADB2C90122');
  }
  const clientId = parameters.get('client_id');
  if (!clientId) throw new B2cError('AADB2C90008');
  const client = findApplication(applications, clientId);
  if (!client) throw new B2cError('AADB2C90018', { clientId, tenant: tenant.domain });
  if (client.disabled) throw new B2cError('AADB2C90092', { clientId });
  if (client.wrongAccountType) throw new B2cError('AADB2C90068', { clientId });
  if (client.redirectUris.length === 0 && !client.anyLoopbackRedirectUri) {
    throw new B2cError('AADB2C90007', { clientId });
  }
  const redirectUri = parameters.get('redirect_uri');
  if (!redirectUri) throw new B2cError('AADB2C90083', { name: 'redirect_uri' });
  if (!URL.canParse(redirectUri)) throw new B2cError('AADB2C90287', { redirectUri });
  const state = parameters.get('state') ?? undefined;
  const returnAddress = { client, redirectUri, responseMode: responseModeOf(parameters), state };
  if (isRegisteredRedirectUri(client, redirectUri)) return returnAddress;
  const mismatch = new B2cError('AADB2C90006', { redirectUri, clientId });
  const [registered] = client.redirectUris;
  if (!registered || behaviour.redirectUriMismatch === 'page') throw mismatch;
  return { ...returnAddress, redirectUri: registered, mismatch };
}

/** Compared byte by byte, port and trailing slash included, unlike Entra ID. */
export function isRegisteredRedirectUri(client: Application, uri: string): boolean {
  return client.redirectUris.includes(uri) || (client.anyLoopbackRedirectUri && isLoopbackUrl(uri));
}

const RESPONSE_MODES: readonly string[] = ['query', 'fragment', 'form_post'];

// An unknown mode falls back to the default here, so that the error about it can be delivered.
function responseModeOf(parameters: URLSearchParams): ResponseMode {
  const asked = parameters.get('response_mode');
  if (asked && RESPONSE_MODES.includes(asked)) return asked as ResponseMode;
  return parameters.get('response_type')?.includes('token') ? 'fragment' : 'query';
}

/** @throws B2cError for what is told to the application, at `returnAddress` */
export function parseAuthorizationRequest(
  parameters: URLSearchParams,
  returnAddress: ReturnAddress,
  context: { policy: Policy; origin: string; definition: TenantDefinition; now: number },
): AuthorizationRequest {
  if (returnAddress.mismatch) throw returnAddress.mismatch;
  const { policy, origin, definition, now } = context;
  const { client } = returnAddress;
  const responseMode = parameters.get('response_mode');
  if (responseMode && !RESPONSE_MODES.includes(responseMode)) {
    throw new B2cError('AADB2C90014', { value: responseMode });
  }
  const responseTypes = parseResponseTypes(parameters, client);
  const scope = parseRequestedScope(parameters, responseTypes, { client, definition });
  const nonce = parameters.get('nonce') ?? undefined;
  if (responseTypes.includes('id_token') && !nonce) {
    throw new B2cError('AADB2C90083', { name: 'nonce' });
  }
  const maxAge = parameters.get('max_age');
  if (maxAge && !/^\d{1,9}$/.test(maxAge)) throw new B2cError('AADB2C90120', { value: maxAge });
  return {
    returnAddress,
    client,
    policy,
    origin,
    responseTypes,
    scope,
    nonce,
    prompt: parsePrompt(parameters.get('prompt')),
    loginHint: parameters.get('login_hint') ?? undefined,
    codeChallenge: parseCodeChallenge(parameters, client),
    domainHint: parameters.get('domain_hint') ?? undefined,
    uiLocales: parameters.get('ui_locales') ?? undefined,
    hintedClaims: policy.idTokenHint
      ? readIdTokenHint(parameters.get('id_token_hint'), policy.idTokenHint, now)
      : {},
    policyClaims: resolveClaims(policy.claims, parameters),
    clientInfo: parameters.get('client_info') === '1',
  };
}

const RESPONSE_TYPES: readonly string[] = ['code', 'id_token', 'token'];

function parseResponseTypes(parameters: URLSearchParams, client: Application): ResponseType[] {
  const value = parameters.get('response_type') ?? '';
  const types = value.split(' ').filter((type) => type !== '');
  if (types.length === 0 || types.some((type) => !RESPONSE_TYPES.includes(type))) {
    throw new B2cError('AADB2C90013', { value });
  }
  const refused =
    (types.includes('id_token') && !client.implicit.idToken) ||
    (types.includes('token') && !client.implicit.accessToken);
  if (refused) throw new B2cError('AADB2C90057');
  return types as ResponseType[];
}

function parseRequestedScope(
  parameters: URLSearchParams,
  responseTypes: ResponseType[],
  { client, definition }: { client: Application; definition: TenantDefinition },
): GrantedScope {
  const text = parameters.get('scope');
  if (!text) throw new B2cError('AADB2C90010');
  const scope = parseScope(text, client, definition.applications);
  if (responseTypes.includes('id_token') && !scope.openid) throw new B2cError('AADB2C90110');
  if (responseTypes.includes('token') && !scope.resource) {
    throw new B2cError('AADB2C90055', { scope: text });
  }
  if (responseTypes.includes('code') && !scope.openid && !scope.resource) {
    throw new B2cError('AADB2C90115');
  }
  return scope;
}

const PROMPTS: readonly string[] = ['none', 'login', 'consent', 'select_account'];

function parsePrompt(value: string | null): Prompt | undefined {
  if (!value) return undefined;
  if (!PROMPTS.includes(value)) throw new B2cError('AADB2C90043', { value });
  return value as Prompt;
}

function parseCodeChallenge(
  parameters: URLSearchParams,
  client: Application,
): AuthorizationRequest['codeChallenge'] {
  const value = parameters.get('code_challenge');
  if (!value) {
    if (client.type === 'spa') throw new B2cError('AADB2C99059');
    return undefined;
  }
  const method = parameters.get('code_challenge_method') ?? 'plain';
  if (method !== 'S256' && method !== 'plain') {
    throw new B2cError('AADB2C90184', { value: method });
  }
  return { value, method };
}
