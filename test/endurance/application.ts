// An application with the middleware in a separate process: `fork` it with its configuration file. Its page
// /api needs an access token, unlike every page of the program itself.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import process from 'node:process';
import { createApp } from '../../dist/app/app.js';
import { SignInError } from '../../dist/errors.js';
import { createHttpServer } from '../../dist/http/server.js';
import { createLog } from '../../dist/log/log.js';
import { readConfigFile } from '../../dist/program/config-file.js';

const config = readConfigFile({
  file: process.argv[2],
  workingFolder: process.cwd(),
  env: process.env,
});
if (!config) throw new Error('there is no such configuration');
const log = createLog({ level: 'info', write: (line) => process.stdout.write(line) });
const app = await createApp(config, { log });

/** Calls an API for the user, as applications do. */
async function api(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const token = await app.accessToken(request);
    // Enough to tell two tokens apart.
    response.end(createHash('sha256').update(token).digest('hex').slice(0, 12));
  } catch (error) {
    const { code } = error as SignInError;
    if (!(error instanceof SignInError)) throw error;
    if (code === 'not_signed_in' || code === 'no_refresh_token') {
      response.writeHead(303, { Location: '/auth/sign_in?return_to=/api' }).end(code);
    } else if (code === 'store_unreachable' || code === 'provider_unreachable') {
      response.writeHead(503, { 'Retry-After': '1' }).end(code);
    } else {
      response.writeHead(500).end(code);
    }
  }
}

const server = createHttpServer({
  listener: (request, response) =>
    request.url === '/api' ? api(request, response) : app.listener(request, response),
  headers: app.headers,
});
await server.listen(config.listen.port, config.listen.host);
// Its parent has exited and cannot end it.
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1000);
});
process.send?.('listening');
