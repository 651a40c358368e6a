/** The tenant's endpoints: calls the handler of a URL. */
import { randomUUID } from 'node:crypto';
import { findKeyRing } from '../state/signing-keys.ts';
import { isThrottled } from '../state/throttle.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { errorMessage, errorParameters } from '../tokens/error-parameters.ts';
import { authorize } from './authorize.ts';
import { allowOrigin, allowPreflight } from './cors.ts';
import { buildDiscovery, buildKeySet } from './discovery.ts';
import { endSession } from './end-session.ts';
import { showErrorPage } from './error-page.ts';
import { type Exchange, sendErrorPage } from './exchange.ts';
import { applyFaults } from './faults.ts';
import { findCustomPolicy } from './local-tenant.ts';
import {
  cancelled,
  confirmed,
  displayControlAction,
  forgotPassword,
  selfAsserted,
  unified,
} from './page-endpoints.ts';
import { provider, providerReturn } from './provider.ts';
import { readParameters } from './read-parameters.ts';
import { jsonResponse, sendJson } from './response.ts';
import type { Endpoint } from './routes.ts';
import { handleTokenRequest } from './token.ts';
import { handleUserInfo } from './userinfo.ts';

type EndpointHandler = (exchange: Exchange) => void | Promise<void>;

const ENDPOINTS: Record<Endpoint, { methods: string[]; handler: EndpointHandler }> = {
  discovery: { methods: ['GET', 'HEAD'], handler: discovery },
  keys: { methods: ['GET', 'HEAD'], handler: keys },
  authorize: { methods: ['GET', 'POST'], handler: authorize },
  token: { methods: ['GET', 'POST'], handler: token },
  logout: { methods: ['GET', 'POST'], handler: endSession },
  userinfo: { methods: ['GET', 'POST'], handler: userInfo },
  provider_return: { methods: ['GET', 'POST'], handler: providerReturn },
  provider: { methods: ['GET', 'POST'], handler: provider },
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

export async function handleEndpoint(exchange: Exchange): Promise<void> {
  const { request, response, responder, tenant, route } = exchange;
  const { endpoint } = route;
  const { methods, handler } = ENDPOINTS[endpoint];
  const { method = '' } = request;
  const { applications, behavior } = tenant.definition;
  allowOrigin(request, response, { endpoint, applications });
  if (allowPreflight(request, response)) return responder.empty(response, 204);
  if (!methods.includes(method)) {
    return responder.empty(response, 405, ['Allow', methods.join(', ')]);
  }
  if (isThrottled(tenant.requestCount, behavior.throttle, tenant.now())) {
    return sendThrottled(exchange);
  }
  if (!PAGELESS.includes(endpoint)) response.setHeader('x-request-id', randomUUID());
  try {
    await handler(exchange);
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    await showErrorPage(exchange, 400, errorMessage(tenant.definition.tenant, error));
  }
}

// B2C's status is not documented. 429 is the standard one.
function sendThrottled(exchange: Exchange): void | Promise<void> {
  const { tenant, responder, response, route } = exchange;
  const error = new B2cError('AADB2C90244');
  response.setHeader('Retry-After', tenant.definition.behavior.throttle?.seconds ?? 1);
  if (PAGELESS.includes(route.endpoint)) {
    const body = errorParameters(tenant.definition.tenant, error, tenant.now());
    return sendJson(responder, response, jsonResponse(429, body));
  }
  sendErrorPage(exchange, 429, error.message);
}

const PAGELESS: readonly Endpoint[] = ['discovery', 'keys', 'token', 'userinfo'];

function discovery({ tenant, route, policy, origin, responder, response }: Exchange) {
  const model = findCustomPolicy(tenant, policy);
  const { tenant: ofDefinition } = tenant.definition;
  const document = buildDiscovery({ origin, route, tenant: ofDefinition, policy, model });
  return sendJson(responder, response, applyFaults(tenant, 'discovery', document, { policy }));
}

function keys({ tenant, policy, responder, response }: Exchange) {
  const keySet = buildKeySet(findKeyRing(tenant.keys, policy));
  return sendJson(responder, response, applyFaults(tenant, 'keys', keySet, { policy }));
}

async function userInfo({ request, tenant, policy, origin, responder, response }: Exchange) {
  const { authorization } = request.headers;
  const ipAddress = request.socket.remoteAddress;
  const call = { authorization, policy, origin, ipAddress };
  return sendJson(responder, response, await handleUserInfo(tenant, call));
}

async function token(exchange: Exchange) {
  const { request, response, responder, tenant, policy, origin, route } = exchange;
  const parameters = await readParameters(exchange);
  const { authorization } = request.headers;
  const tokens = await handleTokenRequest(tenant, {
    ...{ parameters, authorization, policy, origin, isEntra: route.form === 'none' },
    ipAddress: request.socket.remoteAddress,
  });
  await sendJson(responder, response, tokens);
}
