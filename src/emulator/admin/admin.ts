/** Everything under `/_emulator/`: the test interface and the dashboard. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalPath } from '../../http/local-path.ts';
import { parseQuery, requirePath } from '../../http/request.ts';
import type { Responder } from '../../http/response.ts';
import type { LocalTenant } from '../endpoints/local-tenant.ts';
import { pageHeaders } from '../endpoints/response-headers.ts';
import { ASSETS, type Renderer } from '../pages/renderer.ts';
import { messagesTo } from '../state/mailbox.ts';
import { recordRequest } from '../state/request-log.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { type AdminBody, readAdminBody } from './admin-body.ts';
import type { Call } from './admin-call.ts';
import { AdminError } from './admin-error.ts';
import { requireOwnCaller } from './admin-guard.ts';
import { OPERATIONS } from './admin-operations.ts';
import { buildDashboard } from './dashboard.ts';
import { buildTracePage, listTraces, requireTrace } from './traces.ts';

export const ADMIN_PREFIX = '/_emulator/';

interface AdminExchange {
  request: IncomingMessage;
  response: ServerResponse;
  tenant: LocalTenant;
  responder: Responder;
  renderer: Renderer;
}

export async function handleAdminRequest(exchange: AdminExchange): Promise<void> {
  const { request, response, responder, tenant } = exchange;
  const asset = ASSETS.get(requirePath(request));
  if (asset) return responder.file(response, asset.contentType, asset.body);
  try {
    requireOwnCaller(request, tenant);
    const page = wantsPage(request) ? renderPage(exchange) : undefined;
    if (page !== undefined) return responder.html(response, 200, page, pageHeaders());
    const body = await readCallBody(request);
    const result = await operate(exchange, body);
    // A dashboard button returns to the dashboard.
    if (body.isForm) return responder.redirect(response, 303, ADMIN_PREFIX as LocalPath);
    responder.json(response, 200, result);
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
  const { key, item } = parseName(name);
  const methods = Object.hasOwn(OPERATIONS, key) ? OPERATIONS[key] : undefined;
  if (!methods) {
    throw new AdminError(404, `${path} does not exist`, { calls: Object.keys(OPERATIONS) });
  }
  if (key === 'redirected') recordFollowedRedirect(tenant, { method: request.method ?? '', path });
  // HTML forms cannot send other methods, so a field contains the method.
  const method = isForm ? String(values['_method'] ?? 'POST') : (request.method ?? '');
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!operation) {
    throw new AdminError(405, `${path} accepts ${Object.keys(methods).join(', ')}`);
  }
  const call: Call = { tenant, query: parseQuery(request), body: values, item };
  return operation(call);
}

/** `accounts/<oid>` and `traces/<id>` are calls with an item. */
function parseName(name: string): { key: string; item: string } {
  const [, list, item = ''] = /^(accounts|traces)\/([^/]+)$/.exec(name) ?? [];
  return { key: list ? `${list}/:${list === 'accounts' ? 'oid' : 'id'}` : name, item };
}

async function readCallBody(request: IncomingMessage): Promise<AdminBody> {
  const { method } = request;
  const hasBody = method === 'POST' || method === 'PATCH';
  // A client that follows a redirect can send any body, so it is not parsed.
  return hasBody && !requirePath(request).endsWith('/redirected')
    ? readAdminBody(request)
    : { values: {}, isForm: false };
}

function recordFollowedRedirect(
  { requestLog, now }: Pick<LocalTenant, 'requestLog' | 'now'>,
  request: { method: string; path: string },
): void {
  const time = new Date(now()).toISOString();
  recordRequest(requestLog, { time, ...request, endpoint: 'redirected', status: 200 });
}

function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

function renderPage({ request, tenant, renderer }: AdminExchange): string | undefined {
  const name = requirePath(request).slice(ADMIN_PREFIX.length);
  if (name === '') {
    return renderer.render('dashboard', { title: 'Emulator', ...buildDashboard(tenant) });
  }
  const query = parseQuery(request);
  if (name === 'traces') {
    const traces = listTraces(tenant.journeyRecords);
    return renderer.render('traces', { title: 'Journeys', traces });
  }
  const { key, item } = parseName(name);
  if (key === 'traces/:id') {
    const record = requireTrace(tenant.journeyRecords, item);
    const page = buildTracePage(record, query.get('q') ?? '');
    return renderer.render('trace', { title: record.policy, ...page });
  }
  if (name !== 'mailbox') return undefined;
  const email = query.get('email');
  const messages = messagesTo(tenant.mailbox, email);
  return renderer.render('mailbox', { title: 'Mailbox', email, messages });
}
