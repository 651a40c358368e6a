import { isUtf8 } from 'node:buffer';
import { EventEmitter } from 'node:events';
import type { CustomFetchOptions } from 'openid-client';
import type { Agent, Dispatcher } from 'undici';
import { SignInError } from '../errors.ts';

/** The one way to the provider. */
export interface Outbound {
  /** A `fetch` for openid-client and for the key set. */
  fetch(url: string, options: CustomFetchOptions): Promise<Response>;
  close(): Promise<void>;
}

/** The deadline of one exchange with the provider, unless another one is given. */
export const PROVIDER_TIMEOUT_MS = 8_000;

// Answers are a few kilobytes; anything much larger is a fault or an attack.
const MAX_BYTES = 256 * 1024;

export interface OutboundOptions {
  /** The only ones that are ever connected to. */
  origins: ReadonlySet<string>;
  /** For one whole exchange, from connecting to the last byte. */
  timeoutMs?: number | undefined;
  maxBytes?: number;
  maxConnections?: number;
  /** Under way at once, those that wait for a connection included; more are refused. */
  maxExchanges?: number;
}

/**
 * Requests through one pool for each origin, to known ones, with a deadline and a cap on bytes. Redirects are never
 * followed, and compressed answers are neither asked for nor taken, so bytes counted are bytes used.
 */
export function createOutbound({
  origins,
  timeoutMs = PROVIDER_TIMEOUT_MS,
  maxBytes = MAX_BYTES,
  maxConnections = 64,
  maxExchanges = 1_000,
}: OutboundOptions): Outbound {
  const agent = createAgent({ maxConnections, timeoutMs, maxBytes });
  let exchanges = 0;
  return {
    async fetch(url, { method, headers, body }) {
      const target = new URL(url);
      if (!origins.has(target.origin)) {
        throw new SignInError(
          'metadata_refused',
          'a provider address is on an origin that is not its own',
        );
      }
      if (exchanges >= maxExchanges) {
        throw new SignInError('provider_unreachable', 'too many wait for the provider already');
      }
      exchanges += 1;
      try {
        const pool = await agent.load();
        const request = {
          origin: target.origin,
          path: target.pathname + target.search,
          method: method as Dispatcher.HttpMethod,
          headers,
          body: body == null ? null : String(body),
        };
        return await withDeadline(timeoutMs, (signal) => exchange(pool, { ...request, signal }));
      } finally {
        exchanges -= 1;
      }
    },
    close: () => agent.destroy(),
  };
}

async function withDeadline<T>(
  timeoutMs: number,
  run: (signal: EventEmitter) => Promise<T>,
): Promise<T> {
  // An emitter, because an AbortSignal costs more than the rest of a request here.
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
    // Set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 would switch it off for the whole process.
    connect: { timeout: Math.min(timeoutMs, 4_000), rejectUnauthorized: true },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxBytes,
  });
}

async function exchange(agent: Agent, request: Dispatcher.RequestOptions): Promise<Response> {
  const fail = (error: unknown) => unreachable(error, String(request.origin));
  const answer = await agent.request(request).catch(fail);
  const { statusCode: status } = answer;
  if (status >= 500 || status === 429) {
    discard(answer.body);
    throw new SignInError('provider_unreachable', `the provider answered ${status}`);
  }
  const encoding = answer.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    discard(answer.body);
    throw new SignInError('provider_response_invalid', 'the provider answered in an encoding');
  }
  const bytes = await answer.body.arrayBuffer().catch(fail);
  const type = answer.headers['content-type'];
  if (status === 200 && !isJson(type, bytes)) {
    throw new SignInError('provider_response_invalid', 'the provider answered what is not JSON');
  }
  const challenge = answer.headers['www-authenticate'];
  const headers = new Headers();
  if (type) headers.set('content-type', String(type));
  if (challenge) headers.set('www-authenticate', String(challenge));
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers });
}

const JSON_TYPE = /^application\/(?:[a-z-]+\+)?json(?: *;|$)/i;

// In UTF-8 without a byte order mark (RFC 8259, 8.1), whatever the type says of its charset.
const isJson = (type: string | string[] | undefined, bytes: ArrayBuffer) =>
  JSON_TYPE.test(String(type)) && isUtf8(bytes) && new Uint8Array(bytes, 0, 1)[0] !== 0xef;

// Destroying a body before its end makes it emit an error, which nobody would be there to hear.
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}

function unreachable(error: unknown, origin: string): never {
  const code = (error as { code?: unknown }).code;
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    throw new SignInError('provider_response_invalid', 'the provider answered too much');
  }
  // The name of a network fault, such as ECONNREFUSED or TimeoutError, and nothing else of it.
  const reason = typeof code === 'string' ? code : (error as { name?: string }).name;
  throw new SignInError('provider_unreachable', `no answer from ${origin} (${reason})`, {
    cause: error,
  });
}
