// Express with a session, as the samples of most libraries have it.
import process from 'node:process';
import express from 'express';
import session from 'express-session';
import { APP_URL } from './settings.js';

export function createWebApp() {
  const app = express();
  app.use(
    session({ name: 'app', secret: 'only for tests', resave: false, saveUninitialized: false }),
  );
  app.use(express.urlencoded({ extended: false }));
  return app;
}

/** Tells the test what went wrong, and that the application listens. */
export function serve(app) {
  app.use((error, _request, response, _next) => {
    response
      .status(500)
      .type('text/plain')
      .send(String(error?.stack ?? error));
  });
  app.listen(Number(new URL(APP_URL).port), '127.0.0.1', () => {
    process.stdout.write('listening\n');
  });
}
