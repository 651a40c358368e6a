/** Everything under `/_emulator/`: the test interface and the dashboard. */
import type { IncomingMessage } from 'node:http';
import { requirePath } from '../../http/request.ts';
import type { LocalTenant } from '../endpoints/local-tenant.ts';
import { ASSETS } from '../pages/renderer.ts';
import { recordRequest } from '../state/request-log.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { type AdminBody, readAdminBody } from './admin-body.ts';
import { AdminError } from './admin-error.ts';
import { type AdminExchange, acceptsHtml, buildCall, parseName } from './admin-exchange.ts';
import { requireOwnCaller } from './admin-guard.ts';
import { OPERATIONS } from './admin-operations.ts';
import { sendErrorPage, sendPage } from './dashboard-pages.ts';
import { pageAfterForm } from './page-after-form.ts';

export async function handleAdminRequest(exchange: AdminExchange): Promise<void> {
  const { request, response, responder, tenant } = exchange;
  const asset = ASSETS.get(requirePath(request));
  if (asset) return responder.file(response, asset.contentType, asset.body);
  try {
    requireOwnCaller(request, tenant);
    if (isEventStream(request)) return openEventStream(exchange);
    if (await sendPage(exchange)) return;
    const body = await readCallBody(request);
    const result = await operate(exchange, body);
    if (body.isForm) return responder.redirect(response, 303, pageAfterForm(request, body, result));
    responder.json(response, 200, result);
  } catch (error) {
    sendError(exchange, error);
  }
}

function sendError(exchange: AdminExchange, error: unknown): void {
  const { request, response, responder } = exchange;
  const isB2c = error instanceof B2cError;
  if (!(error instanceof AdminError) && !isB2c) throw error;
  const status = isB2c ? 400 : error.status;
  if (acceptsHtml(request)) {
    sendErrorPage(exchange, status, error.message);
    return;
  }
  const body = isB2c
    ? { error: error.error, error_description: error.message }
    : { error: error.message, ...error.details };
  responder.json(response, status, body);
}

const isEventStream = (request: IncomingMessage): boolean =>
  request.method === 'GET' && parseName(request).key === 'events';

function openEventStream({ tenant, response, responder }: AdminExchange): void {
  if (tenant.live.open(response)) return;
  responder.json(response, 503, { error: 'too many pages of the dashboard are open' });
}

async function operate(
  { request, response, tenant }: AdminExchange,
  { values, isForm }: AdminBody,
): Promise<unknown> {
  const path = requirePath(request);
  const { key } = parseName(request);
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
  if (method !== 'GET') response.once('close', () => tenant.live.notify());
  return operation(buildCall({ request, tenant }, values));
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
