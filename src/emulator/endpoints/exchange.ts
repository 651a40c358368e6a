import type { IncomingMessage, ServerResponse } from 'node:http';
import { createResponder, type Responder } from '../../http/response.ts';
import type { Policy } from '../definition/policy.ts';
import type { Views } from '../pages/views.ts';
import type { RequestRecord } from '../state/request-log.ts';
import { errorStamp } from '../tokens/b2c-error.ts';
import { type AuthorizationResponse, buildRedirectUrl } from './authorization-response.ts';
import { findCustomPolicy, type LocalTenant } from './local-tenant.ts';
import { FRAMED_PAGE_HEADERS, type PagePolicy, pageHeaders } from './response-headers.ts';
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

/** Sends a page of the policy, which the applications of `JourneyFraming` may frame. */
export function sendPage(
  exchange: Exchange,
  html: string,
  { status = 200, ...pagePolicy }: PagePolicy & { status?: number } = {},
): void {
  const { response } = exchange;
  const { framedBy = framingOrigins(exchange) } = pagePolicy;
  const responder = framedBy.length > 0 ? framedPages : exchange.responder;
  responder.html(response, status, html, pageHeaders({ ...pagePolicy, framedBy }));
}

const framedPages = createResponder(FRAMED_PAGE_HEADERS);

function framingOrigins({ tenant, policy }: Exchange): string[] {
  const { framingSources = '' } = findCustomPolicy(tenant, policy)?.relyingParty.behaviors ?? {};
  const sources = framingSources.split(/\s+/).filter((source) => /^https?:/i.test(source));
  return sources.filter((source) => URL.canParse(source)).map((source) => new URL(source).origin);
}

/** The emulator's own page. Those of a policy are in `error-page.ts`. */
export function sendErrorPage(
  {
    responder,
    response,
    views,
    tenant,
  }: Pick<Exchange, 'responder' | 'response' | 'views' | 'tenant'>,
  status: number,
  detail: string,
): void {
  const html = views.error({ detail, heading: 'h1', ...errorStamp(tenant.now()) });
  responder.html(response, status, html, pageHeaders());
}

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
