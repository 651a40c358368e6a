import { elapsedMs, type Log } from '../../log/log.ts';
import type { RedisCommands } from './redis-store.ts';
import { type Client, createClient, importPackage, type RedisConfig } from './topology.ts';

export type { RedisConfig };

// A server that answers nothing for this many deadlines is looked for anew: a machine that has lost its
// power closes no connection, and the old one would be believed in for a quarter of an hour.
const SILENT_DEADLINES = 5;
const RETRY_MS = 1_000;
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
    log.info('store_connected');
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
    const own = createClient(redis, config, { connectTimeoutMs: renewAfterMs });
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
      log.debug('store_command', { command, outcome, durationMs: elapsedMs(start) });
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
