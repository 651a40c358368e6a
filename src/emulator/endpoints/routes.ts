/**
 * B2C's URLs. The policy is in the path or in `p`, the path can begin with `tfp/`, the tenant is a
 * domain or a GUID, and everything is case-insensitive:
 *
 *     /fabrikamb2c.onmicrosoft.com/B2C_1_susi/oauth2/v2.0/authorize
 *     /tfp/f0b6e55f-…/b2c_1_susi/oauth2/v2.0/authorize
 *     /fabrikamb2c.onmicrosoft.com/oauth2/v2.0/authorize?p=B2C_1_susi
 *
 * An External ID tenant has the last form without `p`.
 */
const ENDPOINTS = {
  'v2.0/.well-known/openid-configuration': 'discovery',
  'discovery/v2.0/keys': 'keys',
  'oauth2/v2.0/authorize': 'authorize',
  'oauth2/v2.0/token': 'token',
  'oauth2/v2.0/logout': 'logout',
  'openid/v2.0/userinfo': 'userinfo',
  'oauth2/authresp': 'provider_return',
  'oauth2/provider': 'provider',
  selfasserted: 'self_asserted',
  'phonefactor/verify': 'self_asserted',
  'api/combinedsigninandsignup/unified': 'unified',
  'api/combinedsigninandsignup/forgotpassword': 'forgot_password',
  'api/combinedsigninandsignup/confirmed': 'confirmed',
  'api/selfasserted/unified': 'unified',
  'api/selfasserted/confirmed': 'confirmed',
  'api/phonefactor/confirmed': 'confirmed',
  'api/selfasserted/cancelled': 'cancelled',
} as const;

// `SelfAsserted/DisplayControlAction/vbeta/<control>/SendCode`: the name of the control is a setting.
const DISPLAY_CONTROL = /^selfasserted\/displaycontrolaction\/vbeta\/[^/]+\/(sendcode|verifycode)$/;

export type Endpoint =
  | (typeof ENDPOINTS)[keyof typeof ENDPOINTS]
  | 'display_control_send_code'
  | 'display_control_verify_code';

/** The parts of a request URL. Discovery repeats its form and the tenant's spelling. */
export interface Route {
  endpoint: Endpoint;
  /** The tenant as the client wrote it. */
  tenantSpelling: string;
  /** Empty if the form is `none`. */
  policyName: string;
  /** Where the URL names the policy. */
  form: 'path' | 'query' | 'none';
}

export function parseRoute(path: string, query: URLSearchParams): Route | undefined {
  // Clients append `/.well-known/…` to an issuer that ends with a slash.
  const segments = path.replace('//.well-known/', '/.well-known/').split('/').slice(1);
  if (segments[0]?.toLowerCase() === 'tfp') segments.shift();
  const [tenantSpelling = '', ...rest] = segments;
  const inQuery = endpointAt(rest);
  // passport-azure-ad always appends `p`, even if the path names the policy. The path takes precedence.
  const policyName = inQuery ? query.get('p') : rest[0];
  const endpoint = inQuery ?? endpointAt(rest.slice(1));
  if (!endpoint) return undefined;
  if (!policyName) return { endpoint, tenantSpelling, policyName: '', form: 'none' };
  return { endpoint, tenantSpelling, policyName, form: inQuery ? 'query' : 'path' };
}

function endpointAt(segments: string[]): Endpoint | undefined {
  const path = segments.join('/').toLowerCase();
  const [, action] = DISPLAY_CONTROL.exec(path) ?? [];
  if (action === 'sendcode') return 'display_control_send_code';
  if (action === 'verifycode') return 'display_control_verify_code';
  return Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path as keyof typeof ENDPOINTS] : undefined;
}
