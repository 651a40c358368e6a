import { createServer } from 'node:net';

// Below the range of ports for outgoing connections, which could otherwise take one before the test listens
// on it. Each test process starts at a different port.
const FIRST = 20_000;
const COUNT = 12_000;
let next = Math.floor(Math.random() * COUNT);

/** Returns a free port of 127.0.0.1 that is followed by `count - 1` more free ports. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = FIRST + next;
    next = (next + count) % COUNT;
    const ports = Array.from({ length: count }, (_, i) => first + i);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
