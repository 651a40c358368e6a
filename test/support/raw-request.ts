import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  /** Everything that came, the head included. */
  text: string;
}

/** A connection on which a test sends any bytes at any time. */
export interface RawConnection {
  socket: Socket;
  write(bytes: string): void;
  /** One piece after the other, `everyMs` apart, until the connection ends. */
  drip(pieces: Iterable<string>, everyMs: number): void;
  /** The response until the server closed the connection, and the time that took. */
  ended: Promise<RawAnswer & { afterMs: number }>;
}

/** Over TLS when there is an authority (`ca`) to trust. */
export function openConnection(
  port: number,
  first = '',
  { ca }: { ca?: string } = {},
): RawConnection {
  const begun = Date.now();
  let text = '';
  const to = { port, host: '127.0.0.1' };
  const socket = ca ? connectTls({ ...to, ca }) : connect(to);
  const write = (bytes: string) => void (socket.writable && socket.write(bytes, 'latin1'));
  socket.on('error', () => {}); // a reset is one of the ways to be closed
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  if (first) write(first);
  return {
    socket,
    write,
    drip(pieces, everyMs) {
      const rest = pieces[Symbol.iterator]();
      const timer = setInterval(() => {
        const { value, done } = rest.next();
        if (done) clearInterval(timer);
        else write(value);
      }, everyMs);
      socket.once('close', () => clearInterval(timer));
    },
    ended: new Promise((resolve) => {
      socket.once('close', () => resolve({ ...parse(text), afterMs: Date.now() - begun }));
    }),
  };
}

/** Sends bytes as they are and gives everything that comes back before the connection ends. */
export function rawRequest(
  port: number,
  bytes: string,
  options: { ca?: string } = {},
): Promise<RawAnswer> {
  const { socket, ended } = openConnection(port, bytes, options);
  socket.setTimeout(3_000, () => socket.end());
  return ended;
}

function parse(text: string): RawAnswer {
  const [start = '', ...lines] = text.split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];
  const pairs = lines.map((line) => line.split(/: (.*)/s).slice(0, 2));
  const headers = pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]);
  return { status: Number(start.split(' ')[1]), headers: Object.fromEntries(headers), text };
}
