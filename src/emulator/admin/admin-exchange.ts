import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseQuery, requirePath } from '../../http/request.ts';
import type { Responder } from '../../http/response.ts';
import { findOrigin } from '../endpoints/find-route.ts';
import type { LocalTenant } from '../endpoints/local-tenant.ts';
import type { Renderer } from '../pages/renderer.ts';
import type { Call } from './admin-call.ts';

export const ADMIN_PREFIX = '/_emulator/';

/** A request under `/_emulator/`, and what the response needs. */
export interface AdminExchange {
  request: IncomingMessage;
  response: ServerResponse;
  tenant: LocalTenant;
  responder: Responder;
  renderer: Renderer;
}

/** The call that a path names: `accounts/:oid` for `accounts/<oid>`, and so on. */
export function parseName(request: IncomingMessage): { key: string; item: string } {
  const name = requirePath(request).slice(ADMIN_PREFIX.length);
  const [, list, item = ''] = /^(accounts|traces|runs)\/([^/]+)$/.exec(name) ?? [];
  return { key: list ? `${list}/:${list === 'accounts' ? 'oid' : 'id'}` : name, item };
}

export const buildCall = (
  { request, tenant }: Pick<AdminExchange, 'request' | 'tenant'>,
  body: Call['body'] = {},
): Call => ({
  ...{ tenant, body, item: parseName(request).item },
  origin: findOrigin(request, tenant),
  query: parseQuery(request),
});

export const acceptsHtml = ({ headers }: IncomingMessage): boolean =>
  headers.accept?.includes('text/html') === true;
