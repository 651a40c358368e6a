/**
 * The sign-in at an identity provider that runs on this computer: the authorization request of an `OAuth2`
 * or `OpenIdConnect` technical profile. Providers elsewhere are simulated.
 */
import { localAddress } from '../call-rest.ts';
import { claimText } from '../claim-text.ts';
import { JourneyError } from '../claims-error.ts';
import { isTrueSetting, setting } from '../profile-claims.ts';
import type { JourneyTenant, OutsideWorld, ProviderRequest, ProviderVisit } from '../run.ts';
import type { TechnicalProfile } from '../technical-profile.ts';
import { maskClaim } from '../trace-profile.ts';
import { fetchJson } from './published-keys.ts';
import { sentClaims } from './rest-request.ts';

export const isOpenId = ({ handler }: Pick<TechnicalProfile, 'handler'>): boolean =>
  handler === 'openid-connect';

export function isLocalProvider(
  profile: TechnicalProfile,
  { rest, simulatesProviders }: Pick<OutsideWorld, 'rest' | 'simulatesProviders'>,
): boolean {
  const entry = { 'openid-connect': 'METADATA', oauth2: 'authorization_endpoint' }[
    profile.handler as string
  ];
  const address = entry && setting(profile, entry);
  return !simulatesProviders && localAddress(address ?? '', rest) !== undefined;
}

/** `UsePolicyInRedirectUri` gives each policy a separate redirect URI. All are in lower case, as in B2C. */
export function redirectUriOf(
  profile: TechnicalProfile,
  { origin, tenant, policy }: { origin: string; tenant: string; policy: string },
): string {
  const path = isTrueSetting(profile, 'UsePolicyInRedirectUri') ? `${tenant}/${policy}` : tenant;
  return `${origin}/${path}/oauth2/authresp`.toLowerCase();
}

/** @throws JourneyError, RestError, Error if the discovery document cannot be read */
export async function buildProviderRequest(
  tenant: JourneyTenant,
  { exchange: { profile }, inputs, trace }: ProviderVisit,
  { request, rest }: { request: ProviderRequest; rest: OutsideWorld['rest'] },
): Promise<URL> {
  const endpoint = isOpenId(profile)
    ? String((await fetchDiscovery(tenant, profile))['authorization_endpoint'])
    : (setting(profile, 'authorization_endpoint') ?? '');
  const local = localAddress(endpoint, rest);
  if (!local) throw new JourneyError(`${profile.id}: ${endpoint} is not on this computer.`);
  const url = new URL(local);
  // Input claims are parameters too, such as `login_hint`.
  for (const { name, value } of sentClaims(profile, inputs)) {
    url.searchParams.set(name, claimText(value));
  }
  for (const [name, value] of Object.entries(protocolParameters(profile, request))) {
    url.searchParams.set(name, value);
  }
  const shown = new URL(url);
  shown.search = String(maskFields(url.searchParams));
  trace.requests.push({
    ...{ method: 'GET', url: shown.href, headers: {}, body: undefined },
    status: 'by the browser',
  });
  return url;
}

function protocolParameters(
  profile: TechnicalProfile,
  { redirectUri, state, nonce }: ProviderRequest,
): Record<string, string> {
  const defaults = isOpenId(profile) ? { response_mode: 'form_post', scope: 'openid', nonce } : {};
  const optional = ['response_mode', 'scope'].flatMap((name) => {
    const value = setting(profile, name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...{ ...defaults, ...Object.fromEntries(optional), redirect_uri: redirectUri, state },
    client_id: setting(profile, 'client_id') ?? '',
    response_type: setting(profile, 'response_types') ?? 'code',
  };
}

export const fetchDiscovery = (
  tenant: JourneyTenant,
  profile: TechnicalProfile,
): Promise<Record<string, unknown>> =>
  fetchJson(tenant, (setting(profile, 'METADATA') ?? '').replace('{tenant}', tenant.id));

const SECRET_FIELDS = ['code', 'state', 'nonce'];

export const maskFields = (fields: URLSearchParams): URLSearchParams =>
  new URLSearchParams(
    [...fields].map(([name, value]): [string, string] => [
      name,
      SECRET_FIELDS.includes(name) ? '•••' : String(maskClaim(name, value)),
    ]),
  );
