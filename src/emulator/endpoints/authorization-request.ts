import {
  type Application,
  findApplication,
  isRegisteredRedirectUri,
} from '../definition/application.ts';
import type { Policy } from '../definition/policy.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import type { CodeChallenge, GrantedScope } from '../state/grants.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { readIdTokenHint } from '../tokens/id-token-hint.ts';
import type { Claims } from '../tokens/jwt.ts';
import { resolveClaims } from '../tokens/policy-claims.ts';
import { parseScope } from '../tokens/scopes.ts';

export type ResponseMode = 'query' | 'fragment' | 'form_post';
type ResponseType = 'code' | 'id_token' | 'token';
type Prompt = 'none' | 'login' | 'consent' | 'select_account';

/** Where the response goes, once client and redirect URI are known. */
export interface ReturnTarget {
  client: Application;
  redirectUri: string;
  responseMode: ResponseMode;
  state: string | undefined;
  /** The requested redirect URI is not registered. B2C reports this error to a registered one. */
  mismatch?: B2cError;
}

export interface AuthorizationRequest {
  returnTarget: ReturnTarget;
  client: Application;
  policy: Policy;
  /** Requested scheme and host, used in the issuer. */
  origin: string;
  responseTypes: ResponseType[];
  scope: GrantedScope;
  nonce: string | undefined;
  prompt: Prompt | undefined;
  loginHint: string | undefined;
  codeChallenge: CodeChallenge | undefined;
  domainHint: string | undefined;
  uiLocales: string | undefined;
  /** Claims of a validated `id_token_hint`. */
  hintedClaims: Claims;
  /** The policy's additional claims, with parameters resolved. */
  policyClaims: Claims;
  /** MSAL requests it, here or at the token endpoint. */
  clientInfo: boolean;
}

/** @throws B2cError for an error page, because there is no valid redirect URI */
export function parseReturnTarget(
  parameters: URLSearchParams,
  { tenant, applications, behavior }: TenantDefinition,
): ReturnTarget {
  for (const value of parameters.values()) {
    // Rejects markup. JSON, as in MSAL's `claims`, is allowed.
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
  const returnTarget = { client, redirectUri, responseMode: parseResponseMode(parameters), state };
  if (isRegisteredRedirectUri(client, redirectUri)) return returnTarget;
  const mismatch = new B2cError('AADB2C90006', { redirectUri, clientId });
  const [registered] = client.redirectUris;
  if (!registered || behavior.redirectUriMismatch === 'page') throw mismatch;
  return { ...returnTarget, redirectUri: registered, mismatch };
}

const RESPONSE_MODES: readonly string[] = ['query', 'fragment', 'form_post'];

// An unknown mode falls back to the default, so that the error response can be delivered.
function parseResponseMode(parameters: URLSearchParams): ResponseMode {
  const requested = parameters.get('response_mode');
  if (requested && RESPONSE_MODES.includes(requested)) return requested as ResponseMode;
  return parameters.get('response_type')?.includes('token') ? 'fragment' : 'query';
}

/** @throws B2cError for an error response to the application */
export function parseAuthorizationRequest(
  parameters: URLSearchParams,
  returnTarget: ReturnTarget,
  context: { policy: Policy; origin: string; definition: TenantDefinition; now: number },
): AuthorizationRequest {
  if (returnTarget.mismatch) throw returnTarget.mismatch;
  const { policy, origin, definition, now } = context;
  const { client } = returnTarget;
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
    returnTarget,
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
  const isRejected =
    (types.includes('id_token') && !client.implicit.idToken) ||
    (types.includes('token') && !client.implicit.accessToken);
  if (isRejected) throw new B2cError('AADB2C90057');
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
): CodeChallenge | undefined {
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
