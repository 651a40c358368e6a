// Fastify, whose two adapters take connect-style middleware.
import express from '@fastify/express';
import middie from '@fastify/middie';
import Fastify from 'fastify';
import { ADMINS, BROKEN, HOME, NOT_FOUND, ordersOf, tokenFor } from './pages.js';

const build = (adapter) =>
  async function start(signIn, { port, mountedAt }) {
    const app = Fastify({ forceCloseConnections: true });
    await app.register(adapter);
    app.use((_request, response, next) => {
      response.setHeader('Set-Cookie', 'theme=dark');
      next();
    });
    if (mountedAt) app.use(mountedAt, signIn.middleware);
    else app.use(signIn.middleware);
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body))),
    );

    // A guard for routes of Fastify's own.
    const only = (conditions) => {
      const guard = signIn.requireUser(conditions);
      return { onRequest: (request, reply, done) => guard(request.raw, reply.raw, done) };
    };
    app.get('/', async () => HOME);
    app.get('/orders', only(), async (request) => ordersOf(signIn, request.raw));
    app.get('/admin', only(ADMINS), async () => 'for admins');
    app.get('/token', async (request) => tokenFor(signIn, request.raw));
    app.post('/form', async (request) => request.body.field);
    app.get('/broken', only(), async () => {
      throw new Error('broken');
    });
    app.setNotFoundHandler((_request, reply) => reply.code(404).send(NOT_FOUND));
    app.setErrorHandler((_error, _request, reply) => reply.code(500).send(BROKEN));
    await app.listen({ port, host: '127.0.0.1' });
    return () => app.close();
  };

export const startWithExpress = build(express);
export const startWithMiddie = build(middie);
