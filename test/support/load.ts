import { connect, type Socket } from 'node:net';

export interface Load {
  port: number;
  /** The whole request, ready to be sent. */
  request: string;
  count: number;
  connections?: number;
  /** Requests on their way on one connection at once: 1, as browsers and proxies do it, or more. */
  pipelining?: number;
  /** Whether the cost of the server is measured. */
  isMeasured?: boolean;
}

const STATUS_LINE = 'HTTP/1.1 ';

/**
 * Sends one request `count` times over raw sockets on loopback and waits for all answers; gives how
 * many answers had each status. It does as little as possible, so that the server is what is busy.
 */
export async function flood(load: Load): Promise<Record<string, number>> {
  const { count, connections = 32, isMeasured = false } = load;
  const share = Math.floor(count / connections);
  const statuses: Record<string, number> = {};
  const counts = Array.from({ length: connections }, (_, i) =>
    i === 0 ? count - share * (connections - 1) : share,
  );
  // Then never asleep: waking this process would be paid by the server, with each answer that it writes.
  let awake = isMeasured;
  const stayAwake = () => void (awake && setImmediate(stayAwake));
  stayAwake();
  await Promise.all(counts.map((own) => floodOne({ ...load, count: own }, statuses)));
  awake = false;
  return statuses;
}

function floodOne(load: Load, statuses: Record<string, number>): Promise<void> {
  const { port, request, count, pipelining = 1 } = load;
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    let rest = '';
    const send = (socket: Socket, room: number) => {
      const now = Math.min(room, count - sent);
      if (now > 0) socket.write(request.repeat(now));
      sent += now;
    };
    const socket = connect(port, '127.0.0.1', () => send(socket, pipelining));
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      const text = rest + chunk;
      let seen = 0;
      let end = 0;
      for (let at = text.indexOf(STATUS_LINE); at !== -1; at = text.indexOf(STATUS_LINE, end)) {
        if (at + 12 > text.length) break;
        end = at + 12;
        const status = text.slice(at + 9, end);
        statuses[status] = (statuses[status] ?? 0) + 1;
        seen += 1;
      }
      rest = text.slice(Math.max(end, text.length - 12));
      answered += seen;
      if (answered === count) {
        socket.end();
        resolve();
      } else {
        send(socket, seen);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (answered < count) reject(new Error(`closed after ${answered} of ${count} answers`));
    });
  });
}

/** A GET request as a browser sends it, without anything else. */
export function getRequest(path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`;
}
