// One server in a separate process: `fork` it with the name of the server and its options as JSON.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { parseConfig } from '../../dist/config/parse-config.js';
import type { ConfigSources } from '../../dist/config/resolve-references.js';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { createLog } from '../../dist/log/log.js';
import { serve } from '../../dist/program/serve.js';
import { startMinimal } from './minimal.js';

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
          // One user signs in hundreds of times here.
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

  async minimal(options) {
    return startMinimal(options);
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
process.send?.((await servers[name]?.(JSON.parse(options))) ?? {});
