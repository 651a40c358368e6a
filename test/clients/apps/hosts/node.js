// Node alone.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  ADMINS,
  BROKEN,
  HOME,
  listen,
  NOT_FOUND,
  ordersOf,
  stopServer,
  tokenFor,
} from './pages.js';

export async function start(signIn, { port }) {
  const signedIn = signIn.requireUser();
  const admins = signIn.requireUser(ADMINS);
  const answer = async (request, response) => {
    switch (`${request.method} ${request.url.split('?', 1)[0]}`) {
      case 'GET /':
        return response.end(HOME);
      case 'GET /orders':
        return signedIn(request, response, async () =>
          response.end(await ordersOf(signIn, request)),
        );
      case 'GET /admin':
        return admins(request, response, () => response.end('for admins'));
      case 'GET /token':
        return response.end(await tokenFor(signIn, request));
      case 'POST /form':
        return response.end(new URLSearchParams(await text(request)).get('field'));
      case 'GET /broken':
        return signedIn(request, response, () => {
          throw new Error('broken');
        });
      default:
        return response.writeHead(404).end(NOT_FOUND);
    }
  };
  const server = createServer(async (request, response) => {
    response.setHeader('Set-Cookie', 'theme=dark');
    try {
      await signIn.middleware(request, response, () => answer(request, response));
    } catch {
      response.writeHead(500).end(BROKEN);
    }
  });
  await listen(server, port);
  return () => stopServer(server);
}
