// Connect, with the body parser of Express.
import { createServer } from 'node:http';
import connect from 'connect';
import { urlencoded } from 'express';
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

export async function start(signIn, { port, mountedAt = '/' }) {
  const app = connect();
  app.use(urlencoded({ extended: false }));
  app.use((_request, response, next) => {
    response.setHeader('Set-Cookie', 'theme=dark');
    next();
  });
  app.use(mountedAt, signIn.middleware);

  const page = (path, handler) =>
    app.use(path, (request, response, next) =>
      request.url === '/' ? handler(request, response, next) : next(),
    );
  app.use('/orders', signIn.requireUser());
  page('/orders', (request, response, next) =>
    ordersOf(signIn, request).then((text) => response.end(text), next),
  );
  app.use('/admin', signIn.requireUser(ADMINS));
  page('/admin', (_request, response) => response.end('for admins'));
  page('/token', (request, response, next) =>
    tokenFor(signIn, request).then((text) => response.end(text), next),
  );
  page('/form', (request, response) => response.end(request.body.field));
  app.use('/broken', signIn.requireUser());
  page('/broken', () => {
    throw new Error('broken');
  });
  page('/', (_request, response) => response.end(HOME));
  app.use((_request, response) => response.writeHead(404).end(NOT_FOUND));
  app.use((_error, _request, response, _next) => response.writeHead(500).end(BROKEN));
  const server = createServer(app);
  await listen(server, port);
  return () => stopServer(server);
}
