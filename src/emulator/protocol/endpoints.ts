/** The tenant's endpoints: from an address to what answers there. */
import type { IncomingMessage } from 'node:http';
import { parseForm } from '../../http/request.ts';
import { applyFaults } from '../admin/faults.ts';
import { recordParameters } from '../admin/request-log.ts';
import {
  cancelled,
  confirmed,
  displayControlAction,
  forgotPassword,
  selfAsserted,
  unified,
} from '../journeys/journey-endpoints.ts';
import { providerReturn, simulatedProvider } from '../journeys/simulated-provider.ts';
import { keyRingOf, type LocalTenant } from '../tenant/local-tenant.ts';
import { findPolicy, type Policy } from '../tenant/policy.ts';
import { shapeOf } from '../tenant/shapes.ts';
import type { TenantDefinition } from '../tenant/tenant.ts';
import { type Address, type Endpoint, parseAddress } from './addresses.ts';
import { jsonAnswer, sendAnswer } from './answer.ts';
import { authorize } from './authorize.ts';
import { B2cError } from './b2c-error.ts';
import { allowOrigin, allowPreflight } from './cors.ts';
import { buildDiscovery, buildKeySet } from './discovery.ts';
import { endSession } from './end-session.ts';
import { errorParameters } from './error-parameters.ts';
import { type Exchange, sendB2cErrorPage, sendErrorPage } from './exchange.ts';
import { isOwnHost } from './own-host.ts';
import { isThrottled } from './throttle.ts';
import { answerTokenRequest } from './token.ts';
import { answerUserInfo } from './userinfo.ts';

type EndpointHandler = (exchange: Exchange) => void | Promise<void>;

const ENDPOINTS: Record<Endpoint, { methods: string[]; handler: EndpointHandler }> = {
  discovery: { methods: ['GET', 'HEAD'], handler: discovery },
  keys: { methods: ['GET', 'HEAD'], handler: keys },
  authorize: { methods: ['GET', 'POST'], handler: authorize },
  token: { methods: ['POST'], handler: token },
  logout: { methods: ['GET'], handler: endSession },
  userinfo: { methods: ['GET', 'POST'], handler: userInfo },
  provider_return: { methods: ['GET'], handler: providerReturn },
  simulated_provider: { methods: ['GET', 'POST'], handler: simulatedProvider },
  self_asserted: { methods: ['GET', 'POST'], handler: selfAsserted },
  display_control_send_code: {
    methods: ['POST'],
    handler: (exchange) => displayControlAction(exchange, 'send_code'),
  },
  display_control_verify_code: {
    methods: ['POST'],
    handler: (exchange) => displayControlAction(exchange, 'verify_code'),
  },
  unified: { methods: ['GET'], handler: unified },
  forgot_password: { methods: ['GET'], handler: forgotPassword },
  confirmed: { methods: ['GET'], handler: confirmed },
  cancelled: { methods: ['GET'], handler: cancelled },
};

/** Policy and endpoint of an address of this tenant; `undefined` for everything else. */
export function findEndpoint(
  tenant: LocalTenant,
  path: string,
  query: URLSearchParams,
): { address: Address; policy: Policy } | undefined {
  const address = parseAddress(path, query);
  if (!address) return undefined;
  const { domain, id } = tenant.definition.tenant;
  const spelling = address.tenantSpelling.toLowerCase();
  const isOurs = spelling === domain.toLowerCase() || spelling === id.toLowerCase();
  const policy = policyOf(tenant.definition, address);
  return isOurs && policy && isServed(policy, address.endpoint) ? { address, policy } : undefined;
}

function policyOf(
  { tenant, policies }: TenantDefinition,
  { form, endpoint, policyName }: Address,
): Policy | undefined {
  if (shapeOf(tenant).hasPolicies) return findPolicy(policies, policyName);
  // The addresses of the pages are nobody's business but ours.
  return (form === 'none') === PROTOCOL.includes(endpoint) ? policies[0] : undefined;
}

const PROTOCOL: readonly Endpoint[] = ['discovery', 'keys', 'authorize', 'token', 'logout'];

function isServed({ kind, userInfo: hasUserInfo }: Policy, endpoint: Endpoint): boolean {
  if (endpoint === 'userinfo') return hasUserInfo;
  return kind !== 'passwordGrant' || ['discovery', 'keys', 'token'].includes(endpoint);
}

export async function answerEndpoint(exchange: Exchange): Promise<void> {
  const { request, response, tenant, address } = exchange;
  const { endpoint } = address;
  const { methods, handler } = ENDPOINTS[endpoint];
  const { method = '' } = request;
  const { applications } = tenant.definition;
  allowOrigin(request, response, { endpoint, applications });
  if (allowPreflight(request, response)) return exchange.responder.empty(response, 204);
  if (!methods.includes(method)) {
    return exchange.responder.empty(response, 405, ['Allow', methods.join(', ')]);
  }
  if (isThrottled(tenant)) return sendThrottled(exchange);
  try {
    await handler(exchange);
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    sendB2cErrorPage(exchange, error);
  }
}

// Which status real B2C uses is not documented; 429 is what the word means.
function sendThrottled(exchange: Exchange): void | Promise<void> {
  const { tenant, responder, response, address } = exchange;
  const error = new B2cError('AADB2C90244');
  response.setHeader('Retry-After', tenant.definition.behaviour.throttle?.seconds ?? 1);
  if (PAGELESS.includes(address.endpoint)) {
    const body = errorParameters(error, tenant);
    return sendAnswer(responder, response, jsonAnswer(429, body));
  }
  sendErrorPage(exchange, 429, error.message);
}

const PAGELESS: readonly Endpoint[] = ['discovery', 'keys', 'token', 'userinfo'];

/** Issuers name the host that was asked, as B2C's do; a name that is not ours falls back to the URL. */
export function originOf(
  { headers: { host = '' } }: IncomingMessage,
  tenant: Pick<LocalTenant, 'url' | 'allowOtherHosts' | 'hasPublicUrl'>,
): string {
  if (tenant.hasPublicUrl || !isOwnHost(host, tenant)) return tenant.url;
  return `${tenant.url.slice(0, tenant.url.indexOf(':'))}://${host}`;
}

function discovery({ tenant, address, policy, origin, responder, response }: Exchange) {
  const answer = buildDiscovery({ origin, address, tenant: tenant.definition.tenant, policy });
  return sendAnswer(responder, response, applyFaults(tenant, 'discovery', answer, { policy }));
}

function keys({ tenant, policy, responder, response }: Exchange) {
  const answer = buildKeySet(keyRingOf(tenant, policy));
  return sendAnswer(responder, response, applyFaults(tenant, 'keys', answer, { policy }));
}

function userInfo({ request, tenant, policy, origin, responder, response }: Exchange) {
  const { authorization } = request.headers;
  const answer = answerUserInfo(tenant, { authorization, policy, origin });
  return sendAnswer(responder, response, answer);
}

async function token({ request, response, responder, tenant, record, ...rest }: Exchange) {
  const { policy, origin, query } = rest;
  const form = await parseForm(request, { maxBytes: 65_536 });
  // B2C honours parameters in the query string too; those of the body come first.
  const parameters = new URLSearchParams([...form, ...query]);
  recordParameters(record, parameters);
  const { authorization } = request.headers;
  const answer = answerTokenRequest(tenant, { parameters, authorization, policy, origin });
  await sendAnswer(responder, response, answer);
}
