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
  /** Of each process. */
  snapshots: () => readonly Snapshot[] | Promise<readonly Snapshot[]>;
  /** Answers `/healthz` and `/readyz`, as at the public listener. */
  health: Handler;
}

const HEADERS = [...securityHeaders({}), 'Cache-Control', 'no-store'];
// Those who ask are a few.
const MAX_CONNECTIONS = 100;

/**
 * Listens for whoever runs this program, and answers three paths. Not on the public listener, where a
 * slip in a proxy would show it to everybody.
 * @throws SignInError `config_invalid` when it cannot listen there
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
    const match = router(request.method ?? '', plainPathOf(request));
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
    const message = `operations: nothing can listen on ${host}, port ${port} (${error.code})`;
    throw new SignInError('config_invalid', message, { cause: error });
  });
  return { address, stop: server.stop };
}

/** The path, or none that anything answers. */
function plainPathOf(request: IncomingMessage): string {
  try {
    return requirePath(request);
  } catch {
    return '';
  }
}
