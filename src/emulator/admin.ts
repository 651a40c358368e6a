/** Everything under `/_emulator/`: for tests, and for the person in front of the screen. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, pathOf, queryOf } from '../http/request.ts';
import type { Responder } from '../http/response.ts';
import { AdminError } from './admin-error.ts';
import { requireOwnCaller } from './admin-guard.ts';
import { type Call, OPERATIONS } from './admin-operations.ts';
import { B2cError } from './b2c-error.ts';
import { buildDashboard } from './dashboard.ts';
import type { LocalTenant } from './local-tenant.ts';
import { messagesTo } from './mailbox.ts';
import { recordRequest } from './request-log.ts';
import type { Views } from './views.ts';

export const ADMIN_PREFIX = '/_emulator/';

interface AdminExchange {
  request: IncomingMessage;
  response: ServerResponse;
  tenant: LocalTenant;
  responder: Responder;
  views: Views;
}

export async function administer(exchange: AdminExchange): Promise<void> {
  const { request, response, responder, views, tenant } = exchange;
  const asset = views.assets.get(pathOf(request));
  if (asset) return responder.file(response, asset.contentType, asset.body);
  try {
    requireOwnCaller(request, tenant.url);
    const page = wantsPage(request) ? pageFor(exchange) : undefined;
    if (page !== undefined) return responder.html(response, 200, page);
    responder.json(response, 200, await operate(exchange));
  } catch (error) {
    if (error instanceof AdminError) {
      responder.json(response, error.status, { error: error.message, ...error.details });
    } else if (error instanceof B2cError) {
      responder.json(response, 400, { error: error.error, error_description: error.message });
    } else {
      throw error;
    }
  }
}

async function operate({ request, tenant }: AdminExchange): Promise<unknown> {
  const path = pathOf(request);
  const name = path.slice(ADMIN_PREFIX.length);
  const [, oid = ''] = /^accounts\/([^/]+)$/.exec(name) ?? [];
  const key = oid ? 'accounts/:oid' : name;
  const methods = Object.hasOwn(OPERATIONS, key) ? OPERATIONS[key] : undefined;
  if (!methods)
    throw new AdminError(404, `there is no ${path}`, { calls: Object.keys(OPERATIONS) });
  const method = request.method ?? '';
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!operation) {
    throw new AdminError(405, `${path} takes ${Object.keys(methods).join(', ')}`);
  }
  if (key === 'redirected') recordFollowedRedirect(tenant, { method, path });
  const body = method === 'POST' || method === 'PATCH' ? await jsonOf(request, key) : {};
  const call: Call = { tenant, query: queryOf(request), body, oid };
  return operation(call);
}

function recordFollowedRedirect(
  tenant: LocalTenant,
  request: { method: string; path: string },
): void {
  const time = new Date(tenant.now()).toISOString();
  recordRequest(tenant.requestLog, { time, ...request, endpoint: 'redirected', status: 200 });
}

async function jsonOf(request: IncomingMessage, key: string): Promise<Call['body']> {
  const text = (await bodyOf(request, { maxBytes: 65_536 })).toString('utf8');
  if (text === '' || key === 'redirected') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Call['body'];
    }
  } catch {
    // Told below, like JSON of another kind.
  }
  throw new AdminError(400, 'the body is not a JSON object');
}

function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

function pageFor({ request, tenant, views }: AdminExchange): string | undefined {
  const name = pathOf(request).slice(ADMIN_PREFIX.length);
  if (name === '') return views.dashboard(buildDashboard(tenant));
  if (name !== 'mailbox') return undefined;
  const email = queryOf(request).get('email');
  return views.mailbox({ email, messages: messagesTo(tenant.mailbox, email) });
}
