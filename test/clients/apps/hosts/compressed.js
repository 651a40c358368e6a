// Node with nothing in front but a compression, of the version that spoils lists of headers.
import { createServer } from 'node:http';
import compression from 'compression-old';
import { listen, stopServer } from './pages.js';

export async function start(signIn, { port }) {
  const compress = compression({ threshold: 0 });
  const server = createServer((request, response) =>
    compress(request, response, () => signIn.middleware(request, response, () => response.end())),
  );
  await listen(server, port);
  return () => stopServer(server);
}
