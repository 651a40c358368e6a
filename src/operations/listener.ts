import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignInError } from '../errors.ts';
import { requirePath } from '../http/request.ts';
import { createRouter, type Handler } from '../http/router.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { createHttpServer } from '../http/server.ts';
import { CONTENT_TYPE, formatExposition } from './exposition.ts';
import type { Snapshot } from './family.ts';

export interface OperationsListener {
  address: AddressInfo;
  stop(graceMs: number): Promise<void>;
}

export interface OperationsListenerOptions {
  /** The metrics of each process. */
  snapshots: () => readonly Snapshot[] | Promise<readonly Snapshot[]>;
  /** Handles `/healthz` and `/readyz`, as on the public listener. */
  health: Handler;
}

const HEADERS = [...securityHeaders({}), 'Cache-Control', 'no-store'];
// Few clients connect: scrapers and health checks.
const MAX_CONNECTIONS = 100;

/**
 * Starts the listener for operators with three paths. It is separate from the public listener, where a
 * mistake in the proxy configuration would make the metrics public.
 * @throws SignInError `config_invalid` when it cannot listen
 */
export async function startOperationsListener(
  { host, port }: { host: string; port: number },
  { snapshots, health }: OperationsListenerOptions,
): Promise<OperationsListener> {
  const metrics: Handler = async (_request, response) => {
    const text = formatExposition(await snapshots());
    const length = String(Buffer.byteLength(text));
    response.writeHead(200, [...HEADERS, 'Content-Type', CONTENT_TYPE, 'Content-Length', length]);
    response.end(text);
  };
  const router = createRouter([
    { path: '/metrics', methods: { GET: metrics } },
    { path: '/healthz', methods: { GET: health } },
    { path: '/readyz', methods: { GET: health } },
  ]);
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const match = router(request.method ?? '', findRoutePath(request));
    if (match.kind === 'handler') return match.handler(request, response);
    const refusal = match.kind === 'unknown-path' ? { status: 404 } : { status: 405, ...match };
    response.writeHead(refusal.status, [
      ...HEADERS,
      ...('allow' in refusal ? ['Allow', refusal.allow] : []),
      ...['Content-Length', '0'],
    ]);
    response.end();
  };
  const limits = { maxConnections: MAX_CONNECTIONS };
  const server = createHttpServer({ listener, headers: HEADERS, limits });
  const address = await server.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    const message = `operations: cannot listen on ${host}, port ${port} (${error.code})`;
    throw new SignInError('config_invalid', message, { cause: error });
  });
  return { address, stop: server.stop };
}

/** Returns the path; an empty one, which matches no route, for an invalid request target. */
function findRoutePath(request: IncomingMessage): string {
  try {
    return requirePath(request);
  } catch {
    return '';
  }
}
