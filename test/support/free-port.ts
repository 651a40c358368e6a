import { createServer } from 'node:net';

// Below the ports that systems give to connections that go out, so that none of those takes one before the
// test has listened on it. Each test process goes through them from a place of its own.
const FIRST = 20_000;
const COUNT = 12_000;
let next = Math.floor(Math.random() * COUNT);

/** A port on 127.0.0.1 that nobody listens on, and `count - 1` free ones after it. */
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
