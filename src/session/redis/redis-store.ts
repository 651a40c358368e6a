import { createHash } from 'node:crypto';
import { SignInError } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import { hashSessionId, type Session, type SessionStore } from '../session.ts';
import { createSessionRecords } from '../session-record.ts';
import { takeLock } from './redis-lock.ts';

/** What this store asks of a client of Redis or Valkey. Everything fails within a deadline. */
export interface RedisCommands {
  get(key: string): Promise<string | null>;
  /** Sets a value that ends by itself; with `ifAbsent`, says whether there was none. */
  set(
    key: string,
    value: string,
    how: { lifetimeMs: number; ifAbsent?: boolean },
  ): Promise<boolean>;
  del(key: string): Promise<void>;
  /** Runs a script that touches this one key. */
  eval(script: string, key: string, args: readonly string[]): Promise<unknown>;
  /** What an error says of its reason in a word that can be logged, such as `OOM` or `ECONNREFUSED`. */
  reasonOf(error: unknown): string;
  close(): Promise<void>;
}

export interface RedisStoreOptions {
  redis: RedisCommands;
  /** Of the sessions: the first seals, all open. */
  secrets: readonly string[];
  prefix: string;
  maxPerGroup: number;
  log: Log;
  now: () => number;
  /** How much the clocks of the processes that share the store may differ. */
  clockToleranceMs?: number;
  /** How long the lock of a process that has died stays. */
  leaseMs?: number;
}

// KEYS[1] is the session. ARGV: how its record must begin, the new record, its life in milliseconds.
const REPLACE = `
local found = redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if found == '' then return -1 end
if found ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

// KEYS[1] is the index of a group: keys of sessions by the time when they end unused. ARGV: key, that
// time, the life of the index, the time before which entries are of sessions long gone, how many may
// stay. Gives the keys that are too many.
const ENLIST = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local surplus = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[5])
local gone = {}
if surplus > 0 then
  for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, surplus)) do
    if key ~= ARGV[1] and #gone < surplus then gone[#gone + 1] = key end
  end
end
return gone`;

const LIST = `return redis.call('ZRANGE', KEYS[1], 0, -1)`;
const DELIST = `return redis.call('ZREM', KEYS[1], ARGV[1])`;

const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Sessions in Redis or Valkey. A session and the index of each of its groups are keys of their own,
 * which in a cluster may be on different servers, so nothing can change them together. The order makes
 * up for it: a session is enlisted before it is written, and lives no longer than its entry. Whoever
 * dies in between leaves an entry without a session, which harms nobody and goes in time, and never a
 * session that its user cannot find. The server ends what has expired; it is told how long something
 * lives and not until when, so its clock need not agree with ours.
 */
export function createRedisStore<Content>(options: RedisStoreOptions): SessionStore<Content> {
  const { redis, secrets, prefix, maxPerGroup, log, now, leaseMs } = options;
  const { clockToleranceMs = CLOCK_TOLERANCE_MS } = options;
  const records = createSessionRecords<Content>(secrets);
  const keyOf = (key: string) => `${prefix}session:${key}`;
  const hashed = (text: string) => createHash('sha256').update(text).digest('base64url');
  const indexOf = (group: string) => `${prefix}group:${hashed(group)}`;

  const failed = (error: unknown): never => {
    const reason = redis.reasonOf(error);
    throw new SignInError('store_unreachable', `the session store: ${reason}`, { cause: error });
  };
  const run = (script: string, key: string, ...args: (string | number)[]) =>
    redis.eval(script, key, args.map(String)).catch(failed);

  const setIfAbsent = (key: string, value: string, lifetimeMs: number) =>
    redis.set(key, value, { lifetimeMs, ifAbsent: true }).catch(failed);

  const ttlMs = ({ idleExpiresAt, expiresAt }: Session<Content>) =>
    Math.max(1, Math.ceil(Math.min(idleExpiresAt, expiresAt) - now()));

  const addToIndex = async (key: string, session: Session<Content>): Promise<string[]> => {
    const ends = Math.floor(session.idleExpiresAt);
    const lifetimeMs = ttlMs(session) + clockToleranceMs;
    const past = Math.floor(now()) - clockToleranceMs;
    const surplus = await Promise.all(
      session.groups.map((group) =>
        run(ENLIST, indexOf(group), key, ends, lifetimeMs, past, maxPerGroup),
      ),
    );
    return (surplus as string[][]).flat();
  };
  const removeFromIndex = async (key: string, groups: readonly string[]) => {
    // An entry without a session harms nobody.
    await Promise.allSettled(groups.map((group) => run(DELIST, indexOf(group), key)));
  };

  const unreadable = async (key: string, detail: string) => {
    log.error('session_corrupt', { session: hashSessionId(key), detail });
    await redis.del(keyOf(key)).catch(failed);
    return undefined;
  };
  const load: SessionStore<Content>['load'] = async (key) => {
    let record: string | null;
    try {
      record = await redis.get(keyOf(key));
    } catch (error) {
      if (redis.reasonOf(error) === 'WRONGTYPE') return unreadable(key, 'not even a text');
      return failed(error);
    }
    if (record === null) return undefined;
    const read = records.read(key, record);
    return read.kind === 'damaged' ? unreadable(key, read.detail) : read.session;
  };

  const destroy = async (key: string) => {
    const session = await load(key);
    await redis.del(keyOf(key)).catch(failed);
    if (session) await removeFromIndex(key, session.groups);
  };

  return {
    load,
    destroy,
    async save(key, session) {
      const surplus = await addToIndex(key, session);
      const lifetimeMs = ttlMs(session);
      await redis.set(keyOf(key), records.write(key, session), { lifetimeMs }).catch(failed);
      for (const other of new Set(surplus)) await destroy(other);
    },
    async replace(key, session) {
      await addToIndex(key, session);
      const before = records.revisionPrefix(session.revision - 1);
      const record = records.write(key, session);
      const outcome = await run(REPLACE, keyOf(key), before, record, ttlMs(session));
      // It has ended, for good: no session ever comes under a key that was used.
      if (outcome === -1) await removeFromIndex(key, session.groups);
      return outcome === 1;
    },
    keysOf: (group) => run(LIST, indexOf(group)) as Promise<string[]>,
    lock: (key, lifetimeMs) =>
      takeLock({ setIfAbsent, run }, { key: `${prefix}lock:${key}`, lifetimeMs, leaseMs }),
    claimOnce: (key, lifetimeMs) => setIfAbsent(`${prefix}once:${hashed(key)}`, '1', lifetimeMs),
    isReachable: () =>
      redis.get(`${prefix}session:`).then(
        () => true,
        () => false,
      ),
    close: redis.close,
  };
}
