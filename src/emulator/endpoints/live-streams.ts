/** Server-sent events that tell open pages of the dashboard that something has changed. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { EMULATOR_HEADERS } from './response-headers.ts';

export interface LiveStreams {
  /** Changes with the state of the tenant. Pages contain it, so that they can tell whether they are current. */
  readonly version: string;
  /** Sends the new version to every open page, soon. */
  notify(): void;
  /** Keeps the response open. `false`: there are too many. */
  open(response: ServerResponse): boolean;
  /** Ends every response. */
  close(): void;
}

// A browser opens six connections to a host at most, and a page in the background closes its own.
const MAX_STREAMS = 20;
// Proxies often close a connection that is silent for a minute.
const HEARTBEAT_MS = 15_000;
// One sign-in changes many things at once.
const COALESCE_MS = 50;

const HEADERS = [
  ...EMULATOR_HEADERS,
  ...['Content-Type', 'text/event-stream; charset=utf-8', 'Cache-Control', 'no-store'],
  ...['X-Accel-Buffering', 'no'],
];

export function createLiveStreams(): LiveStreams {
  const instance = randomUUID();
  const streams = new Set<ServerResponse>();
  let changes = 0;
  let pending: NodeJS.Timeout | undefined;
  let isClosed = false;
  const version = () => `${instance}-${changes}`;
  const send = (text: string) => {
    // A page that does not read misses events, and gets the newest version later.
    for (const stream of streams) if (!stream.writableNeedDrain) stream.write(text);
  };
  const heartbeat = setInterval(() => send(':\n\n'), HEARTBEAT_MS).unref();
  return {
    get version() {
      return version();
    },
    notify() {
      changes += 1;
      if (pending || streams.size === 0) return;
      pending = setTimeout(() => {
        pending = undefined;
        send(`data: ${version()}\n\n`);
      }, COALESCE_MS).unref();
    },
    open(response) {
      if (isClosed || streams.size >= MAX_STREAMS) return false;
      streams.add(response);
      response.once('close', () => streams.delete(response));
      response.writeHead(200, HEADERS);
      response.write(`retry: 2000\ndata: ${version()}\n\n`);
      return true;
    },
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      clearTimeout(pending);
      for (const stream of streams) stream.end();
    },
  };
}
