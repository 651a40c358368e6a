import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Responder } from '../../http/response.ts';
import type { RequestRecord } from '../admin/request-log.ts';
import type { Views } from '../pages/views.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { Policy } from '../tenant/policy.ts';
import { shapeOf } from '../tenant/shapes.ts';
import type { Address } from './addresses.ts';
import { type AuthorizationResponse, buildLocation } from './authorization-response.ts';
import { type B2cError, errorStamp } from './b2c-error.ts';
import { type PagePolicy, pageHeaders } from './response-headers.ts';

/** A request to one of the tenant's endpoints, and what is needed to answer it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  tenant: LocalTenant;
  responder: Responder;
  views: Views;
  address: Address;
  policy: Policy;
  /** Scheme and host that the browser used; issuer and endpoints begin with it, as at B2C. */
  origin: string;
  query: URLSearchParams;
  record: RequestRecord;
}

export function sendPage(
  { responder, response }: Exchange,
  html: string,
  pagePolicy: PagePolicy = {},
): void {
  responder.html(response, 200, html, pageHeaders(pagePolicy));
}

export function sendErrorPage(
  exchange: Pick<Exchange, 'responder' | 'response' | 'views' | 'tenant'> & { policy?: Policy },
  status: number,
  detail: string,
): void {
  const { responder, response, views, tenant } = exchange;
  const heading = exchange.policy?.page.errorHeading ?? 'h1';
  const html = views.error({ detail, heading, ...errorStamp(tenant.now()) });
  responder.html(response, status, html, pageHeaders());
}

export function sendB2cErrorPage(exchange: Exchange, error: B2cError): void {
  const { errorMessage } = shapeOf(exchange.tenant.definition.tenant);
  sendErrorPage(exchange, 400, errorMessage(error.message));
}

/** Sends the browser back to the application. */
export function sendAuthorizationResponse(exchange: Exchange, answer: AuthorizationResponse): void {
  const { request, responder, response, views } = exchange;
  if (answer.responseMode === 'form_post') {
    const { redirectUri, parameters } = answer;
    sendPage(exchange, views.formPost({ redirectUri, parameters }));
  } else {
    responder.redirect(response, request.method === 'POST' ? 303 : 302, buildLocation(answer));
  }
}
