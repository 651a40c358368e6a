/** A small Microsoft Graph: enough for applications that create and change the users of the tenant. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseQuery, readBody, requirePath } from '../../http/request.ts';
import type { Responder } from '../../http/response.ts';
import type { TenantDefinition } from '../definition/tenant.ts';
import type { TenantState } from '../state/tenant-state.ts';
import { badRequest, GraphError, notImplemented } from './graph-error.ts';
import { requirePermission } from './graph-token.ts';
import { type GraphResponse, LIST_OPERATIONS, USER_OPERATIONS } from './users.ts';

export interface GraphExchange {
  request: IncomingMessage;
  response: ServerResponse;
  responder: Responder;
  tenant: Pick<TenantState, 'accounts' | 'keys'> & {
    definition: TenantDefinition;
    now(): number;
  };
  origin: string;
}

export const isGraphPath = (path: string): boolean => /^\/(v1\.0|beta)\//.test(path);

export async function handleGraph(exchange: GraphExchange): Promise<void> {
  const { response, responder, tenant } = exchange;
  const requestId = randomUUID();
  const headers = ['request-id', requestId];
  try {
    const { status, body } = await operate(exchange);
    if (body) responder.json(response, status, body, headers);
    else responder.empty(response, status, headers);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const { status, code, message } = error;
    const date = new Date(tenant.now()).toISOString().slice(0, 19);
    const innerError = { date, 'request-id': requestId, 'client-request-id': requestId };
    responder.json(response, status, { error: { code, message, innerError } }, headers);
  }
}

async function operate({ request, tenant, origin }: GraphExchange): Promise<GraphResponse> {
  const { method = '' } = request;
  const { definition, keys, accounts } = tenant;
  const now = tenant.now();
  const { authorization } = request.headers;
  requirePermission({ tenant: definition.tenant, keys, now }, { authorization, method });
  const path = requirePath(request);
  const [, id] = /^\/v1\.0\/users(?:\/([^/]+))?\/?$/i.exec(path) ?? [undefined, null];
  if (id === null) throw notImplemented(path);
  const operation = (id === undefined ? LIST_OPERATIONS : USER_OPERATIONS)[method];
  if (!operation) throw notImplemented(`${method} ${path}`);
  return operation({
    ...{ accounts, definition, now, query: parseQuery(request), url: `${origin}/v1.0/users` },
    id: decode(id ?? ''),
    body: method === 'POST' || method === 'PATCH' ? await readJson(request) : {},
  });
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`The path segment ${segment} is not encoded correctly.`);
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await readBody(request, { maxBytes: 65_536 })).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Reported below, like every other body that is no object.
  }
  throw badRequest('The body is not a JSON object.');
}
