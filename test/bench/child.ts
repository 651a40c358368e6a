// One server in a separate process: `fork` it with the name of the server and its options as JSON.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import * as openid from 'openid-client';
import { parseConfig } from '../../dist/config/parse-config.js';
import type { ConfigSources } from '../../dist/config/resolve-references.js';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { createLog } from '../../dist/log/log.js';
import { serve } from '../../dist/program/serve.js';

export interface Options {
  port: number;
  authority: string;
  clientId: string;
  clientSecret: string;
  /** Where the application keeps sessions; in memory by default. */
  redisUrl: string;
  /** The response of the bare server. */
  status: number;
  headers: string[];
  body: string;
}

const NO_SOURCES: ConfigSources = {
  env: {},
  readFile: () => '',
  resolvePath: (path) => path,
  isFolder: () => true,
};

const servers: Record<string, (options: Options) => Promise<unknown>> = {
  async emulator() {
    const { url, authority, applications } = await createEmulator();
    const [application] = applications;
    return { url, authority, clientId: application?.id, clientSecret: application?.secrets[0] };
  },

  async app({ port, authority, clientId, clientSecret, redisUrl }) {
    const config = parseConfig(
      {
        listen: { port },
        tenant: { authority, allowPlainHttp: true },
        client: { id: clientId, secret: clientSecret },
        policies: { signIn: 'B2C_1_susi', editProfile: 'B2C_1_edit_profile' },
        session: {
          secrets: ['a-session-secret-for-the-benchmark-0123'],
          // One person signs in hundreds of times here.
          store: {
            ...(redisUrl ? { kind: 'redis', url: redisUrl } : { kind: 'memory' }),
            maxPerUser: 100_000,
          },
        },
        gate: {},
      },
      NO_SOURCES,
    );
    // Lines are formatted and discarded: the terminal is not part of the benchmark.
    await serve(config, { log: createLog({ level: 'info', write: () => {} }) });
    return {};
  },

  async bare({ port, status, headers, body }) {
    const bytes = Buffer.from(body);
    return listen(port, (_request, response) => {
      response.writeHead(status, headers);
      response.end(bytes);
    });
  },

  /** The minimum that signs a user in with openid-client and verifies the signature. */
  async minimal({ port, authority, clientId, clientSecret }) {
    const address = `${authority}/B2C_1_susi/v2.0/.well-known/openid-configuration`;
    const config = await openid.discovery(new URL(address), clientId, clientSecret, undefined, {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });
    const redirectUri = `http://localhost:${port}/auth/redirect`;
    const pending = new Map<string, { nonce: string; codeVerifier: string }>();
    const sessions = new Map<string, unknown>();
    return listen(port, async (request, response) => {
      const url = new URL(request.url ?? '', redirectUri);
      if (url.pathname === '/auth/sign_in') {
        const [state, nonce] = [openid.randomState(), openid.randomNonce()];
        const codeVerifier = openid.randomPKCECodeVerifier();
        pending.set(state, { nonce, codeVerifier });
        const location = openid.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: `openid offline_access ${clientId}`,
          state,
          nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        });
        response.writeHead(302, { location: location.href }).end();
        return;
      }
      const state = url.searchParams.get('state') ?? '';
      const attempt = pending.get(state);
      if (!attempt) return void response.writeHead(400).end();
      pending.delete(state);
      const tokens = await openid.authorizationCodeGrant(config, url, {
        expectedState: state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.codeVerifier,
      });
      const id = openid.randomState();
      sessions.set(id, { claims: tokens.claims(), tokens });
      const cookie = `sid=${id}; Path=/; HttpOnly`;
      response.writeHead(303, { location: '/', 'set-cookie': cookie }).end();
    });
  },
};

function listen(port: number, listener: RequestListener): Promise<AddressInfo> {
  return new Promise((resolve) => {
    const server = createServer(listener).listen(port, '127.0.0.1', () =>
      resolve(server.address() as AddressInfo),
    );
  });
}

const [, , name = '', options = '{}'] = process.argv;
const answers: Record<string, () => number> = {
  cpuMicroseconds() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  busyMicroseconds: () => performance.eventLoopUtilization().active * 1000,
  heapBytes() {
    (globalThis as { gc?: () => void }).gc?.();
    return process.memoryUsage().heapUsed;
  },
};
process.on('message', (question) => process.send?.(answers[String(question)]?.()));
process.on('disconnect', () => process.exit());
process.send?.(await servers[name]?.(JSON.parse(options)));
