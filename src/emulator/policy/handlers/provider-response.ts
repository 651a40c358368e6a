/** The response of an identity provider on this computer: code, tokens and claims. */
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { B2cError, type B2cErrorCode } from '../../tokens/b2c-error.ts';
import { JourneyError } from '../claims-error.ts';
import { providerName, setting } from '../profile-claims.ts';
import type { RestRequest } from '../rest-call.ts';
import type { JourneyRun, Outputs, ProviderVisit } from '../run.ts';
import type { TechnicalProfile } from '../technical-profile.ts';
import type { ProfileTrace, RestTrace } from '../trace.ts';
import { fetchDiscovery, isOpenId, maskFields } from './provider-request.ts';
import { fetchKeys } from './published-keys.ts';
import { parseObject, readMembers } from './rest.ts';
import { maskText } from './rest-request.ts';

type Members = Record<string, unknown>;

interface Visit {
  readonly run: JourneyRun;
  readonly profile: TechnicalProfile;
  readonly trace: ProfileTrace;
}

/** @throws B2cError, JourneyError */
export async function receiveProviderResponse(
  run: JourneyRun,
  { exchange: { profile }, trace, request }: ProviderVisit,
  sent: URLSearchParams,
): Promise<Outputs> {
  const visit = { run, profile, trace };
  const error = sent.get('error');
  if (error !== null) throw refusal(visit, error);
  if (!request) throw new B2cError('AADB2C90046');
  const discovery = isOpenId(profile) ? await fetchDiscovery(run.tenant, profile) : {};
  const tokens = usesCode(profile)
    ? await redeemCode(visit, { sent, redirectUri: request.redirectUri, discovery })
    : Object.fromEntries(sent);
  const claims = {
    ...(isOpenId(profile) ? await readIdToken(visit, { tokens, discovery, request }) : {}),
    ...(await fetchClaims(visit, tokens)),
  };
  for (const [name, value] of Object.entries(tokens)) {
    run.memory.set(`oauth2:${name}`, String(value));
    Object.assign(claims, { [`{oauth2:${name}}`]: value, [`{oidc:${name}}`]: value });
  }
  return readMembers(visit, claims);
}

const usesCode = (profile: TechnicalProfile): boolean =>
  (setting(profile, 'response_types') ?? 'code').split(' ').includes('code');

function refusal({ profile }: Visit, reason: string): B2cError {
  const code = reason === 'invalid_client' ? 'AADB2C90243' : 'AADB2C90273';
  return new B2cError(code, { provider: providerName(profile), reason });
}

async function redeemCode(
  visit: Visit,
  {
    sent,
    redirectUri,
    discovery,
  }: { sent: URLSearchParams; redirectUri: string; discovery: Members },
): Promise<Members> {
  const { profile, run } = visit;
  const code = sent.get('code');
  if (code === null) throw refusal(visit, 'the response has no code');
  const url = String(discovery['token_endpoint'] ?? setting(profile, 'AccessTokenEndpoint') ?? '');
  const parameters = new URLSearchParams({ grant_type: 'authorization_code', code });
  parameters.set('redirect_uri', redirectUri);
  const id = setting(profile, 'client_id') ?? '';
  const key = profile.keys.get('client_secret')?.value;
  const secret = key === undefined ? '' : run.tenant.secret(key);
  const method = setting(profile, 'token_endpoint_auth_method') ?? 'client_secret_post';
  if (method === 'private_key_jwt') {
    throw new JourneyError(`${profile.id}: the emulator does not support private_key_jwt.`);
  }
  const headers: Record<string, string> = {};
  if (method === 'client_secret_basic') {
    const pair = [id, secret].map(encodeURIComponent).join(':');
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  } else {
    parameters.set('client_id', id);
    if (secret !== '') parameters.set('client_secret', secret);
  }
  const isGet = setting(profile, 'HttpBinding')?.toUpperCase() === 'GET';
  return send(visit, { method: isGet ? 'GET' : 'POST', url, headers, parameters });
}

/** Claims of the claims endpoint (userinfo). B2C sends the token in the query unless the profile says otherwise. */
async function fetchClaims(visit: Visit, tokens: Members): Promise<Members> {
  const { profile, run } = visit;
  const url = setting(profile, 'ClaimsEndpoint');
  if (!url) return {};
  const token = String(tokens['access_token'] ?? '');
  const parameters = new URLSearchParams();
  const headers: Record<string, string> = {};
  const way = setting(profile, 'BearerTokenTransmissionMethod')?.toLowerCase();
  if (way === 'authorizationheader') headers['authorization'] = `Bearer ${token}`;
  else parameters.set(setting(profile, 'ClaimsEndpointAccessTokenName') ?? 'access_token', token);
  const format = setting(profile, 'ClaimsEndpointFormatName');
  if (format) parameters.set(format, setting(profile, 'ClaimsEndpointFormat') ?? '');
  const agent = setting(profile, 'UserAgentForClaimsExchange');
  if (agent) {
    headers['user-agent'] = agent
      .replace('{tenant}', run.tenant.domain)
      .replace('{policy}', run.policy.id);
  }
  return send(visit, { method: way === 'requestbody' ? 'POST' : 'GET', url, headers, parameters });
}

interface Call extends Pick<RestRequest, 'method' | 'url' | 'headers'> {
  readonly parameters: URLSearchParams;
}

/** @throws B2cError if the provider responds with an error */
async function send(visit: Visit, { method, url, headers, parameters }: Call): Promise<Members> {
  const { run, profile, trace } = visit;
  const build = (fields: URLSearchParams, own: Call['headers']): RestRequest => {
    if (method === 'POST') {
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      return { method, url, headers: { ...own, ...type }, body: String(fields) };
    }
    const query = [...fields].length > 0 ? `${url.includes('?') ? '&' : '?'}${fields}` : '';
    return { method, url: `${url}${query}`, headers: own, body: undefined };
  };
  const accept = { accept: 'application/json' };
  const shown = 'authorization' in headers ? { authorization: '•••' } : {};
  const record: RestTrace = build(maskFields(parameters), { ...headers, ...shown });
  trace.requests.push(record);
  const { status, body } = await run.tenant.fetchRest(build(parameters, { ...accept, ...headers }));
  // Some providers send the token response as a form.
  const members = parseObject(body) ?? Object.fromEntries(new URLSearchParams(body));
  Object.assign(record, { status, response: maskText(JSON.stringify(members)) });
  const error = members[setting(profile, 'ResponseErrorCodeParamName') ?? 'error'];
  if (status === 200 && error === undefined) return members;
  throw refusal(visit, typeof error === 'string' ? error : `status ${status}`);
}

const CLOCK_SKEW_SECONDS = 300;

/** @throws B2cError with a separate code for each check */
async function readIdToken(
  { run: { tenant }, profile }: Visit,
  {
    tokens,
    discovery,
    request,
  }: { tokens: Members; discovery: Members; request: { nonce: string } },
): Promise<Members> {
  const provider = providerName(profile);
  const prefixes = setting(profile, 'ValidTokenIssuerPrefixes')?.split(',');
  const issuer = setting(profile, 'issuer') ?? String(discovery['issuer']);
  const audience = setting(profile, 'IdTokenAudience') ?? setting(profile, 'client_id') ?? '';
  let claims: JWTPayload;
  try {
    const keys = createLocalJWKSet(await fetchKeys(tenant, discovery));
    const { payload } = await jwtVerify(String(tokens['id_token'] ?? ''), keys, {
      ...(prefixes ? {} : { issuer }),
      ...{ audience, algorithms: ['RS256'], requiredClaims: ['exp', 'iss', 'sub'] },
      ...{ clockTolerance: CLOCK_SKEW_SECONDS, currentDate: new Date(tenant.now()) },
    });
    claims = payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new B2cError(codeOf(error), { provider, reason: error.message });
  }
  if (prefixes && !prefixes.some((prefix) => claims.iss?.startsWith(prefix.trim()))) {
    throw new B2cError('AADB2C90238', { provider });
  }
  if (claims['nonce'] === request.nonce) return claims;
  throw new B2cError('AADB2C90240', { provider, reason: 'the nonce is not that of the request' });
}

function codeOf(error: errors.JOSEError): B2cErrorCode {
  if (error instanceof errors.JWTClaimValidationFailed) {
    return ({ aud: 'AADB2C90237', iss: 'AADB2C90238' } as const)[error.claim] ?? 'AADB2C90240';
  }
  return CODES[error.code] ?? 'AADB2C90240';
}

const CODES: Readonly<Record<string, B2cErrorCode>> = {
  ERR_JWT_EXPIRED: 'AADB2C90235',
  ERR_JWKS_NO_MATCHING_KEY: 'AADB2C90239',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'AADB2C90239',
};
