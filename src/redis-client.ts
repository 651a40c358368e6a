import type { Config } from './config.ts';
import { SignInError } from './errors.ts';
import { type Log, millisecondsSince } from './log.ts';
import type { RedisCommands } from './session/redis-store.ts';

export type RedisConfig = Extract<Config['session']['store'], { kind: 'redis' }>;

type Package = typeof import('@redis/client');

/** What the package's three kinds of clients have in common, as far as it is needed here. */
interface Client {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): unknown;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options: object): Promise<string | null>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

// A server that answers nothing for this many deadlines is looked for anew: a machine that has lost its
// power closes no connection, and the old one would be believed in for a quarter of an hour.
const SILENT_DEADLINES = 5;
const RETRY_MS = 1_000;
// Every moment that a server is back unnoticed is one in which everybody gets a 503.
const MAX_RECONNECT_MS = 250;
// Beyond it the server is not only slow, and whoever comes is told so at once.
const MAX_WAITING = 10_000;

/**
 * Connects to one server, to the master that Sentinels name, or to a cluster, and again whenever that
 * is needed: what asks meanwhile fails within the deadline. Gives itself before it is connected.
 * @throws SignInError `config_invalid` when the package is not installed
 */
export async function createRedisClient(
  config: RedisConfig,
  { log }: { log: Log },
): Promise<RedisCommands> {
  const redis = await importPackage();
  const { timeoutMs } = config;
  const renewAfterMs = SILENT_DEADLINES * timeoutMs;
  const open = new Set<Client>();
  let client: Client | undefined;
  let isConnecting = false;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let reached: boolean | undefined;
  let lastAnswer = performance.now();
  let lastError: unknown;
  let waiting = 0;

  let begun = () => {};
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });

  const answered = () => {
    lastAnswer = performance.now();
    if (reached) return;
    reached = true;
    begun();
    log.info('store_reached');
  };
  const noteError = (error: unknown) => {
    lastError = error;
  };
  const lost = (error: unknown) => {
    noteError(error);
    if (closed || reached === false) return;
    reached = false;
    begun();
    log.error('store_unreachable', { detail: reasonOf(error) });
  };

  const discard = (own: Client) => {
    open.delete(own);
    end(own);
  };

  // The old connection is good until the new one is there, and then for what it was asked before.
  const renew = async (): Promise<void> => {
    if (isConnecting || closed) return;
    isConnecting = true;
    const own = createClient(redis, config);
    open.add(own);
    // Of several servers one may be away without harm.
    own.on('error', config.url ? lost : noteError);
    try {
      await own.connect();
      const old = client;
      client = own;
      if (old) setTimeout(discard, timeoutMs, old).unref();
      answered();
    } catch (error) {
      lost(error);
      discard(own);
      if (!closed) retry = setTimeout(() => void renew(), RETRY_MS);
    } finally {
      isConnecting = false;
    }
  };

  const failed = (error: unknown): never => {
    const isReply = error instanceof redis.ErrorReply;
    // It answers, but is the master no more, and may be another machine than its name leads to now.
    const isDemoted = isReply && reasonOf(error) === 'READONLY';
    const now = performance.now();
    const isSilent = now - lastAnswer > renewAfterMs;
    if (isReply) answered();
    else lost(error);
    if ((isDemoted || isSilent) && now - renewedAt > renewAfterMs) {
      renewedAt = now;
      void renew();
    }
    throw error;
  };
  const ask = async <Reply>(
    command: string,
    send: (client: Client) => Promise<Reply>,
  ): Promise<Reply> => {
    const start = performance.now();
    let outcome = 'ok';
    try {
      if (reached === undefined) await withinMs(timeoutMs, beginning);
      if (!client || waiting > MAX_WAITING) throw lastError ?? new redis.ClientOfflineError();
      waiting += 1;
      const reply = await withinMs(timeoutMs, send(client), () => {
        waiting -= 1;
      });
      answered();
      return reply;
    } catch (error) {
      outcome = error instanceof redis.ErrorReply ? 'refused' : 'unreachable';
      return failed(error);
    } finally {
      log.debug('store_asked', { command, outcome, durationMs: millisecondsSince(start) });
    }
  };

  void renew();
  return {
    get: (key) => ask('get', (to) => to.get(key)),
    async set(key, value, { lifetimeMs, ifAbsent }) {
      const options = { PX: Math.ceil(lifetimeMs), ...(ifAbsent ? { NX: true } : {}) };
      return (await ask('set', (to) => to.set(key, value, options))) !== null;
    },
    async del(key) {
      await ask('del', (to) => to.del(key));
    },
    eval: (script, key, args) =>
      ask('eval', (to) => to.eval(script, { keys: [key], arguments: [...args] })),
    reasonOf,
    async close() {
      closed = true;
      clearTimeout(retry);
      for (const own of open) end(own);
    },
  };
}

async function importPackage(): Promise<Package> {
  try {
    return await import('@redis/client');
  } catch (cause) {
    const message =
      'session.store: "redis" needs the package @redis/client: npm install @redis/client@6';
    throw new SignInError('config_invalid', message, { cause });
  }
}

function createClient(redis: Package, config: RedisConfig): Client {
  const { url, sentinels = [], master = '', cluster = [], database, timeoutMs } = config;
  const { username, password, sentinelUsername, sentinelPassword, caFile: ca } = config;
  const [anyAddress = url] = [...sentinels, ...cluster];
  const isTls = anyAddress?.protocol === 'rediss:';
  const socket = {
    connectTimeout: SILENT_DEADLINES * timeoutMs,
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

/** Ends a client whatever state it is in; nobody waits for it. */
function end(client: Client): void {
  void (async () => client.destroy())().catch(() => {}); // it had never connected
}

/** @param settled hears of the reply, also of one that comes too late */
function withinMs<Reply>(
  ms: number,
  reply: Promise<Reply>,
  settled: () => void = () => {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError()), ms);
    // One step each: this is on the way of every signed-in request.
    const over = () => {
      clearTimeout(timer);
      settled();
    };
    reply.then(
      (value) => {
        over();
        resolve(value);
      },
      (error) => {
        over();
        reject(error);
      },
    );
  });
}

class DeadlineError extends Error {
  readonly code = 'no answer in time';
}

// What servers put in front of their sentences; a script's error has it in the middle.
const REPLIES =
  /\b(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOAUTH|NOPERM|NOREPLICAS|OOM|READONLY|WRONGPASS|WRONGTYPE)\b/;

/** One word or two of an error, never its sentence: that may hold a key or an address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? REPLIES.exec(error.message)?.[1] ?? error.constructor.name;
}
