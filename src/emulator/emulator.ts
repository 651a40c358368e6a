import { fileURLToPath } from 'node:url';
import type { LocalPath } from '../http/local-path.ts';
import { pathOf, queryOf } from '../http/request.ts';
import { createResponder, type Responder } from '../http/response.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { createHttpServer, type HttpServerOptions } from '../http/server.ts';
import { loadTemplates } from '../pages/templates.ts';
import { ADMIN_PREFIX, administer } from './admin.ts';
import { answerEndpoint, findEndpoint, originOf } from './endpoints.ts';
import { sendErrorPage } from './exchange.ts';
import { generateSigningKeys, type SigningKeys } from './keys.ts';
import { createLocalTenant, type LocalTenant } from './local-tenant.ts';
import { isLoopbackHostname } from './loopback.ts';
import { recordRequest } from './request-log.ts';
import {
  type AccountOptions,
  type Application,
  defineTenant,
  type Policy,
  type Tenant,
  type TenantOptions,
} from './tenant.ts';
import { createViews, type Views } from './views.ts';

export { generateSigningKeys } from './keys.ts';

export interface EmulatorOptions extends TenantOptions {
  /** `127.0.0.1` unless told otherwise. */
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Serves https with this certificate. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Epoch milliseconds. */
  now?: () => number;
  /** From `generateSigningKeys()`: saves their generation when many emulators are started. */
  keys?: SigningKeys;
  /** Mailed instead of random six-digit codes, for scripts that cannot read the mailbox. */
  verificationCode?: string;
  /** Everybody who reaches the address can sign in as anybody. */
  allowOtherHosts?: boolean;
}

export interface Emulator {
  /** Without a slash at the end. */
  url: string;
  /** Of policies with the default issuer. */
  issuer: string;
  /** Host and tenant, to which a policy's name is added. */
  authority: string;
  tenant: Tenant;
  policies: readonly Policy[];
  applications: readonly Application[];
  accounts: readonly AccountOptions[];
  /** Ends running requests, hanging ones included, and frees the port. */
  close(): Promise<void>;
}

/** A local Azure AD B2C tenant to sign in against; with its pages, its oddities and its errors. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', port = 0, tls, now = Date.now } = options;
  if (!isLoopbackHostname(host) && !options.allowOtherHosts) {
    throw new Error(`${host} is not this machine: an emulator is for local development`);
  }
  const definition = defineTenant(options);
  const tenant = createLocalTenant({
    definition,
    keys: options.keys ?? (await generateSigningKeys(now())),
    now,
    fixedVerificationCode: options.verificationCode,
  });
  const folder = fileURLToPath(new URL('../../templates/emulator/', import.meta.url));
  const views = createViews(loadTemplates([folder]), definition);
  // Never HSTS: it would bind every other server on localhost to https.
  const headers = securityHeaders({ https: false, contentSecurityPolicy: PAGE_POLICY });
  const listener = createListener(tenant, views, createResponder(headers));
  const server = createHttpServer({ listener, headers, tls });
  const address = await server.listen(port, host);
  tenant.url = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  return {
    url: tenant.url,
    issuer: `${tenant.url}/${definition.tenant.id}/v2.0/`,
    authority: `${tenant.url}/${definition.tenant.domain}`,
    ...definition,
    close: () => server.stop(100),
  };
}

/**
 * Page objects read inline `style` attributes, so these are allowed. There is no `form-action`:
 * Chromium applies it to the redirect after a form too, and that one leads to the application.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "script-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

function createListener(
  tenant: LocalTenant,
  views: Views,
  responder: Responder,
): HttpServerOptions['listener'] {
  const answer: HttpServerOptions['listener'] = async (request, response) => {
    const exchange = { request, response, tenant, views, responder };
    const path = pathOf(request);
    const query = queryOf(request);
    if (path === '/') return responder.redirect(response, 302, ADMIN_PREFIX as LocalPath);
    if (path === '/favicon.ico') return responder.empty(response, 204);
    if (path.startsWith(ADMIN_PREFIX)) return administer(exchange);
    const found = findEndpoint(tenant, path, query);
    const record = recordRequest(tenant.requestLog, {
      time: new Date(tenant.now()).toISOString(),
      method: request.method ?? '',
      path,
      endpoint: found?.address.endpoint ?? 'unknown',
      ...(found ? { policy: found.policy.name } : {}),
    });
    response.once('finish', () => {
      record.status = response.statusCode;
    });
    if (!found) return sendErrorPage(exchange, 404, 'AADB2C: An exception has occurred.');
    const origin = originOf(request, tenant.url);
    await answerEndpoint({ ...exchange, ...found, origin, query, record });
  };
  return async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      const status = STATUS_OF_REFUSAL[String((error as { code?: unknown }).code)];
      if (!status) throw error;
      const exchange = { request, response, tenant, views, responder };
      sendErrorPage(exchange, status, `AADB2C: ${(error as Error).message}.`);
    }
  };
}

/** What the HTTP kit refuses before an endpoint sees it. */
const STATUS_OF_REFUSAL: Record<string, number> = {
  bad_request: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
};
