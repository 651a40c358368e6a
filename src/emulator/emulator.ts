import path from 'node:path';
import type { LocalPath } from '../http/local-path.ts';
import { parseQuery, requirePath } from '../http/request.ts';
import { createResponder, type Responder } from '../http/response.ts';
import { createHttpServer, type HttpServerOptions } from '../http/server.ts';
import { BUILT_IN_TEMPLATES, loadTemplates } from '../pages/templates.ts';
import { ADMIN_PREFIX, administer } from './admin/admin.ts';
import { recordRequest } from './admin/request-log.ts';
import { createViews, type Views } from './pages/views.ts';
import { answerEndpoint, findEndpoint, originOf } from './protocol/endpoints.ts';
import { sendErrorPage } from './protocol/exchange.ts';
import { isLoopbackHostname } from './protocol/loopback.ts';
import { EMULATOR_HEADERS } from './protocol/response-headers.ts';
import type { Application } from './tenant/application.ts';
import { createLocalTenant, type LocalTenant } from './tenant/local-tenant.ts';
import type { Policy } from './tenant/policy.ts';
import { authorityOf, issuerOf } from './tenant/shapes.ts';
import { restoreState, saveState } from './tenant/state-file.ts';
import {
  type AccountOptions,
  defineTenant,
  type Tenant,
  type TenantOptions,
} from './tenant/tenant.ts';
import { generateSigningKeys, type SigningKeys } from './tokens/keys.ts';

export { generateSigningKeys } from './tokens/keys.ts';

export interface EmulatorOptions extends TenantOptions {
  /** `127.0.0.1` unless told otherwise. */
  host?: string;
  /** In front of issuers and endpoints, whatever host was asked: behind a proxy, for instance. */
  publicUrl?: string;
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
  /** Keeps accounts, keys, sessions and refresh tokens over a restart. */
  stateFile?: string;
  /** Everybody who reaches the address can sign in as anybody. */
  allowOtherHosts?: boolean;
}

export interface Emulator {
  /** Without a slash at the end. */
  url: string;
  /** Of policies with the default issuer. */
  issuer: string;
  /** Host and tenant, to which a policy's name is added; of External ID the host alone. */
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
    throw new Error(
      `${host} reaches beyond this computer: if that is meant, add --i-know-this-is-not-for-production`,
    );
  }
  const definition = defineTenant(options);
  const tenant = createLocalTenant({
    definition,
    keys: options.keys ?? (await generateSigningKeys(now())),
    now,
    fixedVerificationCode: options.verificationCode,
    publicUrl: options.publicUrl,
    allowOtherHosts: options.allowOtherHosts ?? false,
  });
  if (options.stateFile) await restoreState(options.stateFile, tenant);
  const folder = path.join(BUILT_IN_TEMPLATES, 'emulator');
  const views = createViews(loadTemplates([folder]), definition);
  const headers = EMULATOR_HEADERS;
  const listener = createListener(tenant, views, createResponder(headers));
  const server = createHttpServer({
    ...{ listener, headers, tls },
    // Above what each endpoint takes, so that it refuses in its own words.
    limits: { maxBodyBytes: 1024 * 1024 },
  });
  const address = await server.listen(port, host);
  if (!tenant.hasPublicUrl) tenant.url = urlOf(host, address.port, { https: tls !== undefined });
  const stopSaving = keepSaving(tenant, options.stateFile);
  return {
    url: tenant.url,
    issuer: issuerOf(tenant.url, definition.tenant, { issuer: 'tenant', name: '' }),
    authority: authorityOf(tenant.url, definition.tenant),
    ...definition,
    async close() {
      await server.stop(100);
      await stopSaving();
    },
  };
}

/** By name with https, since that is what certificates and redirect URIs are made for. */
function urlOf(host: string, port: number, { https }: { https: boolean }): string {
  const isAnyAddress = host === '0.0.0.0' || host === '::';
  const name = isAnyAddress || (https && host === '127.0.0.1') ? 'localhost' : host;
  return `${https ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

const SAVE_EVERY_MS = 5_000;

/** Saves now and then, and a last time when the returned function is called. */
function keepSaving(tenant: LocalTenant, file: string | undefined): () => Promise<void> {
  if (!file) return async () => {};
  let saving = Promise.resolve();
  const save = () => {
    // One after the other. A disk that is full for a moment is no reason to stop.
    saving = saving.catch(() => {}).then(() => saveState(file, tenant));
    return saving;
  };
  const timer = setInterval(() => save().catch(() => {}), SAVE_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await save();
  };
}

function createListener(
  tenant: LocalTenant,
  views: Views,
  responder: Responder,
): HttpServerOptions['listener'] {
  const answer: HttpServerOptions['listener'] = async (request, response) => {
    const exchange = { request, response, tenant, views, responder };
    const path = requirePath(request);
    const query = parseQuery(request);
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
    const origin = originOf(request, tenant);
    await answerEndpoint({ ...exchange, ...found, origin, query, record });
  };
  return async (request, response) => {
    // Node writes its own time; that of a tenant whose clock is moved is another one.
    const now = tenant.now();
    if (Math.abs(now - Date.now()) >= 1_000) {
      response.setHeader('Date', new Date(now).toUTCString());
    }
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
