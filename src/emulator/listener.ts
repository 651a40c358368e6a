/** Handles every request: the dashboard, the test interface and the tenant's endpoints. */
import type { LocalPath } from '../http/local-path.ts';
import { parseQuery, requirePath } from '../http/request.ts';
import { createResponder } from '../http/response.ts';
import type { HttpServerOptions } from '../http/server.ts';
import { handleAdminRequest } from './admin/admin.ts';
import { ADMIN_PREFIX } from './admin/admin-exchange.ts';
import { sendErrorPage } from './endpoints/exchange.ts';
import { findOrigin, findRoute } from './endpoints/find-route.ts';
import { handleEndpoint } from './endpoints/handle-endpoint.ts';
import type { LocalTenant } from './endpoints/local-tenant.ts';
import { recordResponses } from './endpoints/record-response.ts';
import { EMULATOR_HEADERS } from './endpoints/response-headers.ts';
import { handleGraph, isGraphPath } from './graph/handle-graph.ts';
import { createRenderer } from './pages/renderer.ts';
import { createViews } from './pages/views.ts';
import { recordParameters, recordRequest } from './state/request-log.ts';

type Listener = HttpServerOptions['listener'];

export function createListener(tenant: LocalTenant): Listener {
  const renderer = createRenderer(tenant.definition.tenant.domain);
  const views = createViews(renderer);
  const responder = createResponder(EMULATOR_HEADERS);
  const handle: Listener = async (request, response) => {
    const path = requirePath(request);
    const query = parseQuery(request);
    if (path === '/') return responder.redirect(response, 302, ADMIN_PREFIX as LocalPath);
    if (path === '/favicon.ico') return responder.empty(response, 204);
    if (path.startsWith(ADMIN_PREFIX)) {
      return handleAdminRequest({ request, response, tenant, responder, renderer });
    }
    const isGraph = isGraphPath(path);
    const found = isGraph ? undefined : findRoute(tenant.definition, path, query);
    const record = recordRequest(tenant.requestLog, {
      time: new Date(tenant.now()).toISOString(),
      method: request.method ?? '',
      path,
      endpoint: found?.route.endpoint ?? (isGraph ? 'graph' : 'unknown'),
      ...(found ? { policy: found.policy.name } : {}),
    });
    recordParameters(record, query);
    response.once('finish', () => {
      record.status = response.statusCode;
    });
    // Mail, traces and grants change before the response ends.
    response.once('close', () => tenant.live.notify());
    const exchange = {
      ...{ request, response, tenant, views },
      responder: recordResponses(responder, record),
    };
    const origin = findOrigin(request, tenant);
    if (isGraph) return handleGraph({ ...exchange, origin });
    if (!found) return sendErrorPage(exchange, 404, 'AADB2C: An exception has occurred.');
    await handleEndpoint({ ...exchange, ...found, origin, query, record });
  };
  return async (request, response) => {
    // Node sets the real time. A tenant with a moved clock needs its own.
    const now = tenant.now();
    if (Math.abs(now - Date.now()) >= 1_000) {
      response.setHeader('Date', new Date(now).toUTCString());
    }
    try {
      await handle(request, response);
    } catch (error) {
      const status = REJECTION_STATUS[String((error as { code?: unknown }).code)];
      if (!status) throw error;
      const exchange = { request, response, tenant, views, responder };
      sendErrorPage(exchange, status, `AADB2C: ${(error as Error).message}.`);
    }
  };
}

/** Requests that the HTTP kit rejects before an endpoint handles them. */
const REJECTION_STATUS: Record<string, number> = {
  bad_request: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
};
