import { elapsedMs, type Log } from '../../log/log.ts';
import type { RedisCommands } from './redis-store.ts';
import { type Client, createClient, importPackage, type RedisConfig } from './topology.ts';

export type { RedisConfig };

// After this many time limits without a response, b2c-signin connects again. A machine that has lost its
// power closes no connection, so the old one would seem to work for a quarter of an hour.
const SILENT_TIMEOUTS = 5;
const RETRY_MS = 1_000;
// With more pending commands, the server is not just slow. Further commands fail immediately.
const MAX_PENDING = 10_000;

/**
 * Connects to one server, to the master that Sentinels name, or to a cluster, and reconnects when needed. In
 * the meantime, commands fail within the time limit. Returns before it is connected.
 * @throws SignInError `config_invalid` if the package is not installed
 */
export async function createRedisClient(
  config: RedisConfig,
  { log }: { log: Log },
): Promise<RedisCommands> {
  const redis = await importPackage();
  const { timeoutMs } = config;
  const renewAfterMs = SILENT_TIMEOUTS * timeoutMs;
  const open = new Set<Client>();
  let client: Client | undefined;
  let isConnecting = false;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let reached: boolean | undefined;
  let lastResponse = performance.now();
  let lastError: unknown;
  let pending = 0;

  let settleFirst = () => {};
  const firstAttempt = new Promise<void>((resolve) => {
    settleFirst = resolve;
  });

  const connected = () => {
    lastResponse = performance.now();
    if (reached) return;
    reached = true;
    settleFirst();
    log.info('store_connected');
  };
  const noteError = (error: unknown) => {
    lastError = error;
  };
  const lost = (error: unknown) => {
    noteError(error);
    if (closed || reached === false) return;
    reached = false;
    settleFirst();
    log.error('store_unreachable', { detail: reasonOf(error) });
  };

  const discard = (discarded: Client) => {
    open.delete(discarded);
    end(discarded);
  };

  // The old connection is used until the new one is ready, and then for its pending commands.
  const renew = async (): Promise<void> => {
    if (isConnecting || closed) return;
    isConnecting = true;
    const next = createClient(redis, config, { connectTimeoutMs: renewAfterMs });
    open.add(next);
    // With several servers, the failure of one does not matter.
    next.on('error', config.url ? lost : noteError);
    try {
      await next.connect();
      const old = client;
      client = next;
      if (old) setTimeout(discard, timeoutMs, old).unref();
      connected();
    } catch (error) {
      lost(error);
      discard(next);
      if (!closed) retry = setTimeout(() => void renew(), RETRY_MS);
    } finally {
      isConnecting = false;
    }
  };

  const failed = (error: unknown): never => {
    const isReply = error instanceof redis.ErrorReply;
    // It responds, but is no longer the master. Its host name may refer to another machine now.
    const isDemoted = isReply && reasonOf(error) === 'READONLY';
    const now = performance.now();
    const isSilent = now - lastResponse > renewAfterMs;
    if (isReply) connected();
    else lost(error);
    if ((isDemoted || isSilent) && now - renewedAt > renewAfterMs) {
      renewedAt = now;
      void renew();
    }
    throw error;
  };
  const send = async <Reply>(
    command: string,
    call: (client: Client) => Promise<Reply>,
  ): Promise<Reply> => {
    const start = performance.now();
    let outcome = 'ok';
    try {
      if (reached === undefined) await withinMs(timeoutMs, firstAttempt);
      if (!client || pending > MAX_PENDING) throw lastError ?? new redis.ClientOfflineError();
      pending += 1;
      const reply = await withinMs(timeoutMs, call(client), () => {
        pending -= 1;
      });
      connected();
      return reply;
    } catch (error) {
      outcome = error instanceof redis.ErrorReply ? 'refused' : 'unreachable';
      return failed(error);
    } finally {
      log.debug('store_command', { command, outcome, durationMs: elapsedMs(start) });
    }
  };

  void renew();
  return {
    read: (key, maxLength) => send('get', (to) => to.getRange(key, 0, maxLength - 1)),
    async set(key, value, { lifetimeMs, ifAbsent }) {
      const options = { PX: Math.ceil(lifetimeMs), ...(ifAbsent ? { NX: true } : {}) };
      return (await send('set', (to) => to.set(key, value, options))) !== null;
    },
    del: async (key) => (await send('del', (to) => to.del(key))) === 1,
    eval: (script, key, args) =>
      send('eval', (to) => to.eval(script, { keys: [key], arguments: [...args] })),
    reasonOf,
    async close() {
      closed = true;
      clearTimeout(retry);
      for (const opened of open) end(opened);
    },
  };
}

/** Ends a client in any state, without waiting for it. */
function end(client: Client): void {
  void (async () => client.destroy())().catch(() => {}); // it was never connected
}

/** @param settled called when the reply has arrived, even if that is too late */
function withinMs<Reply>(
  ms: number,
  reply: Promise<Reply>,
  settled: () => void = () => {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError()), ms);
    // One promise step, because every signed-in request takes this path.
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
  readonly code = 'timeout';
}

// The first word of an error reply. In an error of a script it is in the middle.
const REPLIES =
  /\b(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOAUTH|NOPERM|NOREPLICAS|OOM|READONLY|WRONGPASS|WRONGTYPE)\b/;

/** Returns one word of an error. Its message may contain a key or address, so it is never logged. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? REPLIES.exec(error.message)?.[1] ?? error.constructor.name;
}
