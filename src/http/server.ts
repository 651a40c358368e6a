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
  /** Answers every request; whatever it throws is its own bug and becomes a bare 500. */
  listener: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** Sent also with the answers that come from no listener (400, 408, 417, 431, a last 500). */
  headers: HeaderList;
  tls?: KeyPair | undefined;
  /** Those that are to be other than the default. */
  limits?: Partial<HttpLimits> | undefined;
}

export interface KeyPair {
  cert: string | Buffer;
  key: string | Buffer;
}

/** What holds against slow and greedy peers. SECURITY.md has the same table for operators. */
export interface HttpLimits {
  /** For the head of a request, and for the handshake of TLS. */
  headersMs: number;
  /** For a whole request, its body included. */
  requestMs: number;
  /** The two above are looked at this often. */
  checkEveryMs: number;
  /** How long a connection may wait for the next request. */
  keepAliveMs: number;
  /** How long an answer may wait for a peer that does not read. */
  stalledMs: number;
  /** Further ones are closed as they come. */
  maxConnections: number;
  /** Requests of one connection that wait for the answer to an earlier one. Browsers send none. */
  maxPipelined: number;
  /** Of a body as its length is declared; longer ones are not read at all. */
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
  /** @throws the system's error, `EADDRINUSE` above all */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** For whoever connects from here on; nothing happens to the connections there are. Needs `tls`. */
  exchangeKeyPair(tls: KeyPair): void;
  /** From here on a connection ends with its next answer; others are still taken. */
  drain(): void;
  /**
   * Stops accepting, lets running requests finish within `graceMs`, then closes what is left. Gently:
   * what is kept alive gets the time that it has anyhow, so that no request meets a closing connection.
   */
  stop(graceMs: number, options?: { gently?: boolean }): Promise<void>;
}

/** node:http with limits that hold against slow and greedy peers. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { listener, headers, tls } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const timing = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Node's own refusal carries no headers, and lets two hosts pass: see framingOf.
    requireHostHeader: false,
  };
  const refused = new WeakSet<Socket>();
  let draining = false;
  const hasTooManyWaiting = countWaiting(limits.maxPipelined);
  const answer: RequestListener = (request, response) => {
    if (draining) response.shouldKeepAlive = false;
    // Where one request was ambiguous, nobody knows whose the bytes behind it are.
    if (refused.has(request.socket)) return;
    // Only an answer that waits behind another one has no socket yet.
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
    // Node reads what is left of a body, to use the connection again; chunks may never end.
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
    // Its one answer is on the way, and closes it.
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
        // Closing lets go of the connections that are idle now; others become idle later.
        const sweep = gently ? undefined : setInterval(() => server.closeIdleConnections(), 50);
        const closed = () => {
          clearTimeout(end);
          clearInterval(sweep);
          resolve();
        };
        // That of an HTTP server closes at once what is kept alive.
        if (gently) NetServer.prototype.close.call(server, closed);
        else server.close(closed);
      }),
  };
}

/** Says whether one more answer would be too many for a connection that others wait on already. */
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

/** Last resort: an error that escapes a listener would end the process. */
function respondSafely(
  listener: HttpServerOptions['listener'],
  request: IncomingMessage,
  response: ServerResponse,
  headers: HeaderList,
): void {
  const failed = () => sendBareResponse(response, 500, headers);
  try {
    // Most answers are written at once, and leave nothing to wait for.
    const answered: unknown = listener(request, response);
    if (answered instanceof Promise) answered.catch(failed);
  } catch {
    failed();
  }
}

function sendBareResponse(response: ServerResponse, status: number, headers: HeaderList): void {
  // What has been sent of an answer must not look complete.
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
  // Whoever failed at the handshake of TLS, or has gone, can be told nothing.
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
