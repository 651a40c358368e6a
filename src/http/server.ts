import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { faultOfFraming, MAX_HEADERS } from './framing.ts';
import type { HeaderList } from './security-headers.ts';
import { closeStalledSockets } from './stalled-sockets.ts';

export interface HttpServerOptions {
  /** Answers every request; whatever it throws is its own bug and becomes a bare 500. */
  listener: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** Sent also with the answers that come from no listener (400, 408, 417, 431, a last 500). */
  headers: HeaderList;
  tls?: { cert: string | Buffer; key: string | Buffer } | undefined;
  /** How long an answer may wait for a peer that does not read. */
  stalledMs?: number;
}

export interface HttpServer {
  /** @throws the system's error, `EADDRINUSE` above all */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Stops accepting, lets running requests finish within `graceMs`, then closes what is left. */
  stop(graceMs: number): Promise<void>;
}

/** node:http with limits that hold against slow and greedy peers. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { listener, headers, tls, stalledMs = 30_000 } = options;
  const limits = {
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    // The limits above are only looked at this often.
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 5_000,
    // Node's own refusal carries no headers, and lets two hosts pass: see faultOfFraming.
    requireHostHeader: false,
  };
  const refused = new WeakSet<Socket>();
  let stopping = false;
  const answer: RequestListener = (request, response) => {
    if (stopping) response.shouldKeepAlive = false;
    // Where one request was ambiguous, nobody knows whose the bytes behind it are.
    if (refused.has(request.socket)) return;
    const fault = faultOfFraming(request);
    if (fault === undefined) return void answerSafely(listener, request, response, headers);
    refused.add(request.socket);
    answerBare(response, fault, headers);
  };
  const server: Server = tls
    ? createTlsServer({ ...limits, ...tls }, answer)
    : createPlainServer(limits, answer);
  closeStalledSockets(server, stalledMs);
  server.maxConnections = 10_000;
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.on('checkExpectation', (_request, response) => answerBare(response, 417, headers));
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
    stop: (graceMs) =>
      new Promise((resolve) => {
        stopping = true;
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        // Closing lets go of the connections that are idle now; others become idle later.
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearTimeout(timer);
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}

async function answerSafely(
  listener: HttpServerOptions['listener'],
  request: IncomingMessage,
  response: ServerResponse,
  headers: HeaderList,
): Promise<void> {
  try {
    await listener(request, response);
  } catch {
    // Last resort: an error that escapes a listener would end the process.
    answerBare(response, 500, headers);
  }
}

function answerBare(response: ServerResponse, status: number, headers: HeaderList): void {
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
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_ERROR[error.code ?? ''] ?? 400;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close'];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  lines.push('Cache-Control: no-store', 'Content-Length: 0', '', '');
  socket.end(lines.join('\r\n'));
}
