import type { Config } from '../../config/config.ts';
import { SignInError } from '../../errors.ts';

export type RedisConfig = Extract<Config['session']['store'], { kind: 'redis' }>;

type Package = typeof import('@redis/client');

/** What the package's three kinds of clients have in common, as far as it is needed here. */
export interface Client {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): unknown;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options: object): Promise<string | null>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

// Every moment that a server is back unnoticed is one in which everybody gets a 503.
const MAX_RECONNECT_MS = 250;

/** @throws SignInError `config_invalid` when the package is not installed */
export async function importPackage(): Promise<Package> {
  try {
    return await import('@redis/client');
  } catch (cause) {
    const message =
      'session.store: "redis" needs the package @redis/client: npm install @redis/client@6';
    throw new SignInError('config_invalid', message, { cause });
  }
}

/** One server, the master that Sentinels name, or a cluster; each connects again by itself. */
export function createClient(
  redis: Package,
  config: RedisConfig,
  { connectTimeoutMs }: { connectTimeoutMs: number },
): Client {
  const { url, sentinels = [], master = '', cluster = [], database, timeoutMs } = config;
  const { username, password, sentinelUsername, sentinelPassword, caFile: ca } = config;
  const [anyAddress = url] = [...sentinels, ...cluster];
  const isTls = anyAddress?.protocol === 'rediss:';
  const socket = {
    connectTimeout: connectTimeoutMs,
    reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, MAX_RECONNECT_MS),
    ...(isTls ? { tls: true as const, ...(ca ? { ca } : {}) } : {}),
  };
  const common = {
    // The older protocol: every server speaks it, and it asks for no permission of its own.
    RESP: 2 as const,
    maintNotifications: 'disabled' as const,
    disableClientInfo: true,
    socket,
  };
  const account = credentials(username, password);
  // The deadline is kept here: the package's own ends with the writing of a command.
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
