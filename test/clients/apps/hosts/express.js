// Express 4 and 5, with what such applications usually have in front.
import { createServer } from 'node:http';
import compression from 'compression';
import oldCompression from 'compression-old';
import express5 from 'express';
import express4 from 'express-4';
import session from 'express-session';
import helmet from 'helmet';
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

const build = (express, compress) =>
  async function start(signIn, { port, mountedAt = '/' }) {
    const app = express();
    app.set('trust proxy', true);
    app.use(helmet());
    app.use(compress({ threshold: 0 }));
    app.use(
      session({ name: 'own', secret: 'only for tests', resave: true, saveUninitialized: true }),
    );
    app.use((_request, response, next) => {
      response.cookie('theme', 'dark');
      next();
    });
    app.use(express.json());
    app.use(express.urlencoded({ extended: true }));
    app.use(mountedAt, signIn.middleware);

    app.get('/', (_request, response) => response.send(HOME));
    app.get('/orders', signIn.requireUser(), async (request, response) =>
      response.send(await ordersOf(signIn, request)),
    );
    app.get('/admin', signIn.requireUser(ADMINS), (_request, response) =>
      response.send('for admins'),
    );
    app.get('/token', async (request, response, next) =>
      tokenFor(signIn, request).then((text) => response.send(text), next),
    );
    app.post('/form', (request, response) => response.send(request.body.field));
    app.get('/broken', signIn.requireUser(), () => {
      throw new Error('broken');
    });
    app.use((_request, response) => response.status(404).send(NOT_FOUND));
    app.use((_error, _request, response, _next) => response.status(500).send(BROKEN));
    const server = createServer(app);
    await listen(server, port);
    return () => stopServer(server);
  };

export const start4 = build(express4, oldCompression);
export const start5 = build(express5, compression);
