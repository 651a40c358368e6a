import type { Config } from '../../config/config.ts';
import { SignInError } from '../../errors.ts';

export type RedisConfig = Extract<Config['session']['store'], { kind: 'redis' }>;

type Package = typeof import('@redis/client');

/** The methods that the three kinds of clients have in common. */
export interface Client {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): unknown;
  getRange(key: string, start: number, end: number): Promise<string>;
  set(key: string, value: string, options: object): Promise<string | null>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

// Until b2c-signin has reconnected, all signed-in users get a 503.
const MAX_RECONNECT_MS = 250;

/** @throws SignInError `config_invalid` if the package is not installed */
export async function importPackage(): Promise<Package> {
  try {
    return await import('@redis/client');
  } catch (cause) {
    const message =
      'session.store: "redis" needs the package @redis/client: npm install @redis/client@6';
    throw new SignInError('config_invalid', message, { cause });
  }
}

/** Creates a client of one server, of the master that Sentinels name, or of a cluster. It reconnects. */
export function createClient(
  redis: Package,
  config: RedisConfig,
  { connectTimeoutMs }: { connectTimeoutMs: number },
): Client {
  const { url, sentinels = [], master = '', cluster = [], database, timeoutMs } = config;
  const { username, password, sentinelUsername, sentinelPassword, caFile: ca } = config;
  const [firstUrl = url] = [...sentinels, ...cluster];
  const isTls = firstUrl?.protocol === 'rediss:';
  const socket = {
    connectTimeout: connectTimeoutMs,
    reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, MAX_RECONNECT_MS),
    ...(isTls ? { tls: true as const, ...(ca ? { ca } : {}) } : {}),
  };
  const common = {
    // Every server supports RESP 2, and it needs no additional permission.
    RESP: 2 as const,
    maintNotifications: 'disabled' as const,
    disableClientInfo: true,
    socket,
  };
  const account = credentials(username, password);
  // redis-client.ts has the time limit. The package's limit covers only the writing of a command.
  const commandOptions = { timeout: 0 };
  if (sentinels.length > 0) {
    return redis.createSentinel({
      name: master,
      sentinelRootNodes: sentinels.map((address) => hostAndPort(address, 26_379)),
      RESP: 2,
      commandOptions,
      nodeClientOptions: { ...common, ...account, ...(database ? { database } : {}) },
      sentinelClientOptions: { ...common, ...credentials(sentinelUsername, sentinelPassword) },
    }) as unknown as Client;
  }
  if (cluster.length > 0) {
    return redis.createCluster({
      rootNodes: cluster.map((address) => ({ socket: hostAndPort(address, 6379) })),
      RESP: 2,
      commandOptions,
      defaults: { ...common, ...account, disableOfflineQueue: true },
      topologyRefreshOnReconnectionAttemptStrategy: timeoutMs,
    }) as unknown as Client;
  }
  return redis.createClient({
    ...common,
    ...account,
    ...(database ? { database } : {}),
    socket: { ...socket, ...(url ? hostAndPort(url, 6379) : {}) },
    commandOptions,
    disableOfflineQueue: true,
  }) as unknown as Client;
}

const credentials = (username: string | undefined, password: string | undefined) => ({
  ...(username ? { username } : {}),
  ...(password ? { password } : {}),
});

const hostAndPort = ({ hostname, port }: URL, usualPort: number) => ({
  host: hostname.replace(/^\[(.*)\]$/, '$1'),
  port: Number(port || usualPort),
});
