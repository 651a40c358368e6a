/** The tenant's endpoints: from an address to what answers there. */
import type { IncomingMessage } from 'node:http';
import { formOf } from '../http/request.ts';
import { type Address, type Endpoint, parseAddress } from './addresses.ts';
import { sendAnswer } from './answer.ts';
import { authorize } from './authorize.ts';
import { B2cError } from './b2c-error.ts';
import { buildDiscovery, buildKeySet } from './discovery.ts';
import { endSession } from './end-session.ts';
import { type Exchange, sendB2cErrorPage } from './exchange.ts';
import { applyFaults } from './faults.ts';
import { cancelled, confirmed, forgotPassword, selfAsserted, unified } from './journey.ts';
import { keyRingOf, type LocalTenant } from './local-tenant.ts';
import { isLoopbackHostname } from './loopback.ts';
import { recordParameters } from './request-log.ts';
import { findPolicy, type Policy } from './tenant.ts';
import { answerTokenRequest } from './token.ts';

type EndpointHandler = (exchange: Exchange) => void | Promise<void>;

const ENDPOINTS: Record<Endpoint, { methods: string[]; handler: EndpointHandler }> = {
  discovery: { methods: ['GET', 'HEAD'], handler: discovery },
  keys: { methods: ['GET', 'HEAD'], handler: keys },
  authorize: { methods: ['GET', 'POST'], handler: authorize },
  token: { methods: ['POST'], handler: token },
  logout: { methods: ['GET'], handler: endSession },
  self_asserted: { methods: ['GET', 'POST'], handler: selfAsserted },
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
  const policy = findPolicy(tenant.definition.policies, address.policyName);
  return isOurs && policy ? { address, policy } : undefined;
}

export async function answerEndpoint(exchange: Exchange): Promise<void> {
  const { methods, handler } = ENDPOINTS[exchange.address.endpoint];
  const { method = '' } = exchange.request;
  if (!methods.includes(method)) {
    exchange.responder.empty(exchange.response, 405, ['Allow', methods.join(', ')]);
    return;
  }
  try {
    await handler(exchange);
  } catch (error) {
    if (!(error instanceof B2cError)) throw error;
    sendB2cErrorPage(exchange, error);
  }
}

/** Issuers name the host that was asked, as B2C's do; a name that is not ours falls back to the URL. */
export function originOf({ headers: { host = '' } }: IncomingMessage, url: string): string {
  const origin = `${url.slice(0, url.indexOf(':'))}://${host}`;
  return URL.canParse(origin) && isLoopbackHostname(new URL(origin).hostname) ? origin : url;
}

function discovery({ tenant, address, policy, origin, responder, response }: Exchange) {
  const answer = buildDiscovery({ origin, address, tenant: tenant.definition.tenant, policy });
  return sendAnswer(responder, response, applyFaults(tenant, 'discovery', answer, { policy }));
}

function keys({ tenant, policy, responder, response }: Exchange) {
  const answer = buildKeySet(keyRingOf(tenant, policy));
  return sendAnswer(responder, response, applyFaults(tenant, 'keys', answer, { policy }));
}

async function token({ request, response, responder, tenant, record, ...rest }: Exchange) {
  const { policy, origin, query } = rest;
  const form = await formOf(request, { maxBytes: 65_536 });
  // B2C honours parameters in the query string too; those of the body come first.
  const parameters = new URLSearchParams([...form, ...query]);
  recordParameters(record, parameters);
  const { authorization } = request.headers;
  const answer = answerTokenRequest(tenant, { parameters, authorization, policy, origin });
  await sendAnswer(responder, response, answer);
}
