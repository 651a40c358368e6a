/** Everything under `/_emulator/`: for tests, and for the person in front of the screen. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalPath } from '../../http/local-path.ts';
import { parseQuery, requirePath } from '../../http/request.ts';
import type { Responder } from '../../http/response.ts';
import type { Views } from '../pages/views.ts';
import { B2cError } from '../protocol/b2c-error.ts';
import { pageHeaders } from '../protocol/response-headers.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import { messagesTo } from '../tenant/mailbox.ts';
import { type AdminBody, adminBodyOf } from './admin-body.ts';
import type { Call } from './admin-call.ts';
import { AdminError } from './admin-error.ts';
import { requireOwnCaller } from './admin-guard.ts';
import { OPERATIONS } from './admin-operations.ts';
import { buildDashboard } from './dashboard.ts';
import { recordRequest } from './request-log.ts';

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
  const asset = views.assets.get(requirePath(request));
  if (asset) return responder.file(response, asset.contentType, asset.body);
  try {
    requireOwnCaller(request, tenant);
    const page = wantsPage(request) ? pageFor(exchange) : undefined;
    if (page !== undefined) return responder.html(response, 200, page, pageHeaders());
    const body = await bodyFor(request);
    const answer = await operate(exchange, body);
    // A button of the dashboard leads back to it.
    if (body.isForm) return responder.redirect(response, 303, ADMIN_PREFIX as LocalPath);
    responder.json(response, 200, answer);
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

async function operate(
  { request, tenant }: AdminExchange,
  { values, isForm }: AdminBody,
): Promise<unknown> {
  const path = requirePath(request);
  const name = path.slice(ADMIN_PREFIX.length);
  const [, oid = ''] = /^accounts\/([^/]+)$/.exec(name) ?? [];
  const key = oid ? 'accounts/:oid' : name;
  const methods = Object.hasOwn(OPERATIONS, key) ? OPERATIONS[key] : undefined;
  if (!methods)
    throw new AdminError(404, `there is no ${path}`, { calls: Object.keys(OPERATIONS) });
  if (key === 'redirected') recordFollowedRedirect(tenant, { method: request.method ?? '', path });
  // Forms can only POST: the method that is meant stands in a field.
  const method = isForm ? String(values['_method'] ?? 'POST') : (request.method ?? '');
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!operation) {
    throw new AdminError(405, `${path} takes ${Object.keys(methods).join(', ')}`);
  }
  const call: Call = { tenant, query: parseQuery(request), body: values, oid };
  return operation(call);
}

async function bodyFor(request: IncomingMessage): Promise<AdminBody> {
  const { method } = request;
  const wanted = method === 'POST' || method === 'PATCH';
  // What a client sends on after a redirect is looked at, not understood.
  return wanted && !requirePath(request).endsWith('/redirected')
    ? adminBodyOf(request)
    : { values: {}, isForm: false };
}

function recordFollowedRedirect(
  tenant: LocalTenant,
  request: { method: string; path: string },
): void {
  const time = new Date(tenant.now()).toISOString();
  recordRequest(tenant.requestLog, { time, ...request, endpoint: 'redirected', status: 200 });
}

function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

function pageFor({ request, tenant, views }: AdminExchange): string | undefined {
  const name = requirePath(request).slice(ADMIN_PREFIX.length);
  if (name === '') return views.dashboard(buildDashboard(tenant));
  if (name !== 'mailbox') return undefined;
  const email = parseQuery(request).get('email');
  return views.mailbox({ email, messages: messagesTo(tenant.mailbox, email) });
}
