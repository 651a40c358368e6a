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
import type { HeaderList } from './security-headers.ts';
import { closeStalledSockets } from './stalled-sockets.ts';

export interface HttpServerOptions {
  /** Answers every request; whatever it throws is its own bug and becomes a bare 500. */
  listener: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** Sent also with the answers that Node writes by itself (400, 408, 431). */
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
  };
  const answer: RequestListener = (request, response) => {
    void answerSafely(listener, request, response);
  };
  const server: Server = tls
    ? createTlsServer({ ...limits, ...tls }, answer)
    : createPlainServer(limits, answer);
  closeStalledSockets(server, stalledMs);
  server.maxConnections = 10_000;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    refuse(error, socket, headers);
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
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function answerSafely(
  listener: HttpServerOptions['listener'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await listener(request, response);
  } catch {
    // Last resort: an error that escapes a listener would end the process.
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
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
