import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { checkFraming, MAX_HEADERS } from './framing.ts';
import type { HeaderList } from './security-headers.ts';
import { closeStalledSockets } from './stalled-sockets.ts';

export interface HttpServerOptions {
  /** Handles every request. An error that it throws is a bug and becomes an empty 500 response. */
  listener: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** Also sent with responses that do not come from the listener (400, 408, 417, 431, the last 500). */
  headers: HeaderList;
  tls?: KeyPair | undefined;
  /** Limits that differ from the default. */
  limits?: Partial<HttpLimits> | undefined;
}

export interface KeyPair {
  cert: string | Buffer;
  key: string | Buffer;
}

/** Limits against slow and abusive clients. docs/security/limits.md has the same table for operators. */
export interface HttpLimits {
  /** Time to receive the head of a request, and to complete the TLS handshake. */
  headersMs: number;
  /** Time to receive a whole request, including its body. */
  requestMs: number;
  /** Interval at which Node checks the two times above. */
  checkEveryMs: number;
  /** How long a connection may wait for the next request. */
  keepAliveMs: number;
  /** How long a response may wait for a client that does not read. */
  stalledMs: number;
  /** Additional connections are closed immediately. */
  maxConnections: number;
  /** Requests of one connection that may wait for an earlier response. Browsers do not pipeline. */
  maxPipelined: number;
  /** Highest declared length of a body; a longer body is not read at all. */
  maxBodyBytes: number;
}

const DEFAULT_LIMITS: HttpLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  checkEveryMs: 5_000,
  keepAliveMs: 5_000,
  stalledMs: 30_000,
  maxConnections: 10_000,
  maxPipelined: 32,
  maxBodyBytes: 16_384,
};

export interface HttpServer {
  /** @throws the system error, usually `EADDRINUSE` */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** For new connections; existing connections are not affected. Requires `tls`. */
  exchangeKeyPair(tls: KeyPair): void;
  /** Closes each connection after its next response; still accepts new connections. */
  drain(): void;
  /**
   * Stops accepting connections, lets in-flight requests finish within `graceMs`, then closes the rest.
   * With `gently`, idle connections stay open for the keep-alive time, so that no request arrives on a
   * connection that is being closed.
   */
  stop(graceMs: number, options?: { gently?: boolean }): Promise<void>;
}

/** node:http with limits against slow and abusive clients. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { listener, headers, tls } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const timing = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Node's own error response has no security headers, and Node accepts two hosts: see checkFraming.
    requireHostHeader: false,
  };
  const refused = new WeakSet<Socket>();
  let draining = false;
  const hasTooManyWaiting = countWaiting(limits.maxPipelined);
  const answer: RequestListener = (request, response) => {
    if (draining) response.shouldKeepAlive = false;
    // After an ambiguous request, the next bytes may be part of it instead of a new request.
    if (refused.has(request.socket)) return;
    // A response without a socket waits behind another response.
    if (response.socket === null && hasTooManyWaiting(request.socket, response)) {
      refused.add(request.socket);
      request.socket.destroy();
      return;
    }
    const framing = checkFraming(request, limits.maxBodyBytes);
    if (typeof framing === 'number') {
      refused.add(request.socket);
      sendBareResponse(response, framing, headers);
      return;
    }
    // To reuse the connection, Node would read the rest of the body; a chunked body may never end.
    if (framing === 'chunked') response.shouldKeepAlive = false;
    respondSafely(listener, request, response, headers);
  };
  const server: Server = tls
    ? createTlsServer({ ...timing, handshakeTimeout: limits.headersMs, ...tls }, answer)
    : createPlainServer(timing, answer);
  closeStalledSockets(server, limits.stalledMs);
  server.maxConnections = limits.maxConnections;
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.on('checkExpectation', (_request, response) => sendBareResponse(response, 417, headers));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // A response that closes the connection was already sent.
    if (!refused.has(socket)) refuse(error, socket, headers);
  });
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(server.address() as AddressInfo);
        });
      }),
    exchangeKeyPair(pair) {
      if (server instanceof TlsServer) server.setSecureContext(pair);
    },
    drain() {
      draining = true;
    },
    stop: (graceMs, { gently = false } = {}) =>
      new Promise((resolve) => {
        draining = true;
        const end = setTimeout(
          () => server.closeAllConnections(),
          gently ? Math.max(graceMs, limits.keepAliveMs + 1_000) : graceMs,
        );
        // close() ends the connections that are idle now; others become idle later.
        const sweep = gently ? undefined : setInterval(() => server.closeIdleConnections(), 50);
        const closed = () => {
          clearTimeout(end);
          clearInterval(sweep);
          resolve();
        };
        // The close() of an HTTP server ends idle connections immediately; that of a net server does not.
        if (gently) NetServer.prototype.close.call(server, closed);
        else server.close(closed);
      }),
  };
}

/** Returns a function that tells whether a connection already has too many waiting responses. */
function countWaiting(max: number): (socket: Socket, response: ServerResponse) => boolean {
  const waiting = new WeakMap<Socket, number>();
  return (socket, response) => {
    const count = waiting.get(socket) ?? 0;
    if (count >= max) return true;
    waiting.set(socket, count + 1);
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    return false;
  };
}

/** Without this, an error that the listener throws would end the process. */
function respondSafely(
  listener: HttpServerOptions['listener'],
  request: IncomingMessage,
  response: ServerResponse,
  headers: HeaderList,
): void {
  const failed = () => sendBareResponse(response, 500, headers);
  try {
    // Most responses are sent synchronously, without a promise.
    const result: unknown = listener(request, response);
    if (result instanceof Promise) result.catch(failed);
  } catch {
    failed();
  }
}

function sendBareResponse(response: ServerResponse, status: number, headers: HeaderList): void {
  // A partly sent response must not look complete.
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, [
    ...headers,
    ...['Cache-Control', 'no-store', 'Content-Length', '0', 'Connection', 'close'],
  ]);
  response.end();
}

const STATUS_OF_ERROR: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function refuse(error: NodeJS.ErrnoException, socket: Socket, headers: HeaderList): void {
  const { code = '' } = error;
  // No response is possible after a failed TLS handshake or a disconnect.
  if (!/^(?:HPE|ERR_HTTP)_/.test(code) || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_ERROR[code] ?? 400;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close'];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  lines.push('Cache-Control: no-store', 'Content-Length: 0', '', '');
  socket.end(lines.join('\r\n'));
}
