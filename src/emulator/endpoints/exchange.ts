import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Responder } from '../../http/response.ts';
import type { Policy } from '../definition/policy.ts';
import type { Views } from '../pages/views.ts';
import type { RequestRecord } from '../state/request-log.ts';
import { type B2cError, errorStamp } from '../tokens/b2c-error.ts';
import { errorMessage } from '../tokens/error-parameters.ts';
import { type AuthorizationResponse, buildRedirectUrl } from './authorization-response.ts';
import type { LocalTenant } from './local-tenant.ts';
import { type PagePolicy, pageHeaders } from './response-headers.ts';
import type { Route } from './routes.ts';

/** A request to one of the tenant's endpoints, and what the endpoint needs to respond. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  tenant: LocalTenant;
  responder: Responder;
  views: Views;
  route: Route;
  policy: Policy;
  /** Requested scheme and host. As in B2C, issuer and endpoint URLs begin with it. */
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

export const sendB2cErrorPage = (exchange: Exchange, error: B2cError): void =>
  sendErrorPage(exchange, 400, errorMessage(exchange.tenant.definition.tenant, error));

/** Sends the browser back to the application. */
export function redirectToApplication(
  exchange: Exchange,
  authorizationResponse: AuthorizationResponse,
): void {
  const { request, responder, response, views } = exchange;
  const { responseMode, redirectUri, parameters } = authorizationResponse;
  if (responseMode === 'form_post') {
    sendPage(exchange, views.formPost({ redirectUri, parameters }));
  } else {
    const status = request.method === 'POST' ? 303 : 302;
    responder.redirect(response, status, buildRedirectUrl(authorizationResponse));
  }
}
