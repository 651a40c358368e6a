import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/**
 * Sends bytes as they are and gives everything that comes back before the connection ends; over TLS
 * when there is an authority (`ca`) to trust.
 */
export function rawRequest(
  port: number,
  bytes: string,
  { ca }: { ca?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const send = () => socket.write(bytes, 'latin1');
    const socket = ca
      ? connectTls({ port, host: '127.0.0.1', ca }, send)
      : connect(port, '127.0.0.1', send);
    socket.setTimeout(3_000, () => socket.end());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => {
      const [start = '', ...lines] = text.split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];
      const pairs = lines.map((line) => line.split(/: (.*)/s).slice(0, 2));
      const headers = pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]);
      resolve({ status: Number(start.split(' ')[1]), headers: Object.fromEntries(headers), text });
    });
    socket.on('error', reject);
  });
}
