import { isUtf8 } from 'node:buffer';
import { EventEmitter } from 'node:events';
import type { CustomFetchOptions } from 'openid-client';
import type { Agent, Dispatcher } from 'undici';
import { SignInError } from '../errors.ts';

/** The HTTP client for all requests to the provider. */
export interface Outbound {
  /** A `fetch` for openid-client and for the key set. */
  fetch(url: string, options: CustomFetchOptions): Promise<Response>;
  close(): Promise<void>;
}

/** The default time limit of one request to the provider. */
export const PROVIDER_TIMEOUT_MS = 8_000;

// Responses have a few kilobytes. Anything much larger is a bug or an attack.
const MAX_BYTES = 256 * 1024;

export interface OutboundOptions {
  /** Requests to all other origins are rejected. */
  origins: ReadonlySet<string>;
  /** The time limit of a request, from connecting to the last byte. */
  timeoutMs?: number | undefined;
  maxBytes?: number;
  maxConnections?: number;
  /** In flight at once, including requests that wait for a connection. More are rejected. */
  maxRequests?: number;
}

/**
 * Sends requests to known origins, through one connection pool per origin, with a time limit and a limit of
 * bytes. Redirects are not followed. Compressed responses are rejected, so the limit applies to the content.
 */
export function createOutbound({
  origins,
  timeoutMs = PROVIDER_TIMEOUT_MS,
  maxBytes = MAX_BYTES,
  maxConnections = 64,
  maxRequests = 1_000,
}: OutboundOptions): Outbound {
  const agent = createAgent({ maxConnections, timeoutMs, maxBytes });
  let inFlight = 0;
  return {
    async fetch(url, { method, headers, body }) {
      const target = new URL(url);
      if (!origins.has(target.origin)) {
        throw new SignInError(
          'metadata_refused',
          'a URL of the provider has an origin that is not allowed',
        );
      }
      if (inFlight >= maxRequests) {
        throw new SignInError('provider_unreachable', 'too many pending requests to the provider');
      }
      inFlight += 1;
      try {
        const pool = await agent.load();
        const request = {
          origin: target.origin,
          path: target.pathname + target.search,
          method: method as Dispatcher.HttpMethod,
          headers,
          body: body == null ? null : String(body),
        };
        return await withDeadline(timeoutMs, (signal) => send(pool, { ...request, signal }));
      } finally {
        inFlight -= 1;
      }
    },
    close: () => agent.destroy(),
  };
}

async function withDeadline<T>(
  timeoutMs: number,
  run: (signal: EventEmitter) => Promise<T>,
): Promise<T> {
  // An emitter: an AbortSignal costs more than the rest of the request.
  const signal = new EventEmitter();
  const deadline = setTimeout(() => signal.emit('abort'), timeoutMs);
  try {
    return await run(signal);
  } finally {
    clearTimeout(deadline);
  }
}

/** A connection pool that is loaded at its first use. */
export interface LazyAgent {
  load(): Promise<Agent>;
  destroy(): Promise<void>;
}

/**
 * Creates the connection pool with its limits. undici is loaded on demand, because that takes as long as
 * loading all other packages together, and the first response does not need it.
 */
export function createAgent(options: AgentOptions): LazyAgent {
  let loading: Promise<Agent> | undefined;
  const load = () => {
    loading ??= loadAgent(options);
    return loading;
  };
  return { load, destroy: async () => (await load()).destroy() };
}

interface AgentOptions {
  timeoutMs: number;
  maxBytes?: number;
  maxConnections: number;
}

async function loadAgent({
  timeoutMs,
  maxBytes = MAX_BYTES,
  maxConnections,
}: AgentOptions): Promise<Agent> {
  const { Agent } = await import('undici');
  return new Agent({
    connections: maxConnections,
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would disable it for the whole process.
    connect: { timeout: Math.min(timeoutMs, 4_000), rejectUnauthorized: true },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxBytes,
  });
}

async function send(agent: Agent, request: Dispatcher.RequestOptions): Promise<Response> {
  const fail = (error: unknown) => unreachable(error, String(request.origin));
  const response = await agent.request(request).catch(fail);
  const { statusCode: status } = response;
  if (status >= 500 || status === 429) {
    discard(response.body);
    throw new SignInError('provider_unreachable', `the provider responded with ${status}`);
  }
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    discard(response.body);
    throw new SignInError(
      'provider_response_invalid',
      'the response of the provider has a content encoding',
    );
  }
  const bytes = await response.body.arrayBuffer().catch(fail);
  const type = response.headers['content-type'];
  if (status === 200 && !isJson(type, bytes)) {
    throw new SignInError('provider_response_invalid', 'the response of the provider is not JSON');
  }
  const challenge = response.headers['www-authenticate'];
  const headers = new Headers();
  if (type) headers.set('content-type', String(type));
  if (challenge) headers.set('www-authenticate', String(challenge));
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers });
}

const JSON_TYPE = /^application\/(?:[a-z-]+\+)?json(?: *;|$)/i;

// UTF-8 without a byte order mark (RFC 8259, 8.1). The `charset` of the type has no effect.
const isJson = (type: string | string[] | undefined, bytes: ArrayBuffer) =>
  JSON_TYPE.test(String(type)) && isUtf8(bytes) && new Uint8Array(bytes, 0, 1)[0] !== 0xef;

// A body that is destroyed before its end emits an error, which would end the process without a listener.
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}

function unreachable(error: unknown, origin: string): never {
  const code = (error as { code?: unknown }).code;
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    throw new SignInError('provider_response_invalid', 'the response of the provider is too large');
  }
  // Only the name of the network error, such as ECONNREFUSED or TimeoutError, is safe to log.
  const reason = typeof code === 'string' ? code : (error as { name?: string }).name;
  throw new SignInError('provider_unreachable', `no response from ${origin} (${reason})`, {
    cause: error,
  });
}
