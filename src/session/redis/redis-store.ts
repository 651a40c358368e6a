import { createHash } from 'node:crypto';
import { SignInError } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import { hashSessionId, type Session, type SessionStore } from '../session.ts';
import { createSessionRecords, MAX_RECORD_LENGTH } from '../session-record.ts';
import { createGroupIndexes } from './redis-index.ts';
import { takeLock } from './redis-lock.ts';

/** The commands that the store needs from a client of Redis or Valkey. Each fails within a time limit. */
export interface RedisCommands {
  /** Reads the beginning of a string, up to `maxLength` bytes. Returns `''` for a missing key. */
  read(key: string, maxLength: number): Promise<string>;
  /** Sets a value that expires. With `ifAbsent`, sets it only if the key is missing, and returns whether it was. */
  set(
    key: string,
    value: string,
    options: { lifetimeMs: number; ifAbsent?: boolean },
  ): Promise<boolean>;
  /** Returns whether there was a value. */
  del(key: string): Promise<boolean>;
  /** Runs a script that uses only this key. */
  eval(script: string, key: string, args: readonly string[]): Promise<unknown>;
  /** Returns the reason of an error as one word that is safe to log, such as `OOM` or `ECONNREFUSED`. */
  reasonOf(error: unknown): string;
  close(): Promise<void>;
}

export interface RedisStoreOptions {
  redis: RedisCommands;
  /** The session secrets: the first one encrypts, all of them decrypt. */
  secrets: readonly string[];
  prefix: string;
  maxPerGroup: number;
  log: Log;
  now: () => number;
  /** The maximum difference between the clocks of the processes that share the store. */
  clockToleranceMs?: number;
  /** How long the lock of a process that has died stays. */
  leaseMs?: number;
}

// KEYS[1] is the session. ARGV: the prefix of its expected record, the new record, its lifetime.
const REPLACE = `
local found = redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if found == '' then return -1 end
if found ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Sessions in Redis or Valkey. A session and the index of each of its groups are separate keys. In a cluster
 * they can be on different servers, so no transaction can change them together. Instead, a session is added
 * to its indexes before it is written, and expires no later than its entries. If a process dies in between,
 * an entry without a session remains until it expires, and never a session that its user cannot find.
 * The server is told how long something lives, not until when, so its clock need not be right.
 *
 * An attacker with write access to the server must not be able to do more than end sessions. So reads are
 * bounded, and values that b2c-signin cannot have written are deleted.
 */
export function createRedisStore<Content>(options: RedisStoreOptions): SessionStore<Content> {
  const { redis, secrets, prefix, maxPerGroup, log, now, leaseMs } = options;
  const { clockToleranceMs = CLOCK_TOLERANCE_MS } = options;
  const records = createSessionRecords<Content>(secrets);
  const toSessionKey = (key: string) => `${prefix}session:${key}`;

  const failed = (error: unknown): never => {
    const reason = redis.reasonOf(error);
    throw new SignInError('store_unreachable', `the session store: ${reason}`, { cause: error });
  };
  const run = (script: string, key: string, ...args: (string | number)[]) =>
    redis.eval(script, key, args.map(String)).catch(failed);
  const setIfAbsent = (key: string, value: string, lifetimeMs: number) =>
    redis.set(key, value, { lifetimeMs, ifAbsent: true }).catch(failed);
  const ignoreWrongType = (error: unknown) =>
    redis.reasonOf(error) === 'WRONGTYPE' ? undefined : failed(error);

  const indexes = createGroupIndexes({
    ...{ prefix, maxPerGroup, clockToleranceMs, now },
    run: (script, key, args) => redis.eval(script, key, args.map(String)).catch(ignoreWrongType),
    async discard(key, detail) {
      log.error('session_corrupt', { detail });
      await redis.del(key).catch(failed);
    },
  });
  const ttlMs = ({ idleExpiresAt, expiresAt }: Session<Content>) =>
    Math.max(1, Math.ceil(Math.min(idleExpiresAt, expiresAt) - now()));
  const addToIndexes = async (key: string, session: Session<Content>): Promise<string[]> => {
    const entry = { key, expiresAt: session.idleExpiresAt, ttlMs: ttlMs(session) };
    const surplus = await Promise.all(session.groups.map((group) => indexes.add(group, entry)));
    return surplus.flat();
  };
  const removeFromIndexes = async (key: string, groups: readonly string[]) => {
    // If that fails, an entry without a session remains, which is harmless.
    await Promise.allSettled(groups.map((group) => indexes.remove(group, key)));
  };

  const discardSession = async (key: string, detail: string) => {
    log.error('session_corrupt', { session: hashSessionId(key), detail });
    await redis.del(toSessionKey(key)).catch(failed);
    return undefined;
  };
  const load: SessionStore<Content>['load'] = async (key) => {
    // One more than the limit, so that a longer record is recognized.
    const record = await redis
      .read(toSessionKey(key), MAX_RECORD_LENGTH + 1)
      .catch(ignoreWrongType);
    if (record === undefined) return discardSession(key, 'not a string');
    if (record === '') {
      // It does not exist, or is empty, which b2c-signin never writes.
      const existed = await redis.del(toSessionKey(key)).catch(() => false);
      if (existed) log.error('session_corrupt', { session: hashSessionId(key), detail: 'empty' });
      return undefined;
    }
    const result = records.read(key, record);
    return result.kind === 'damaged' ? discardSession(key, result.detail) : result.session;
  };

  /** @param listedIn the groups that list the key, in case that there is no such session */
  const destroy = async (key: string, listedIn: readonly string[] = []) => {
    const session = await load(key);
    await redis.del(toSessionKey(key)).catch(failed);
    await removeFromIndexes(key, session?.groups ?? listedIn);
  };

  return {
    load,
    destroy: (key) => destroy(key),
    async save(key, session) {
      const surplus = await addToIndexes(key, session);
      const lifetimeMs = ttlMs(session);
      await redis.set(toSessionKey(key), records.write(key, session), { lifetimeMs }).catch(failed);
      for (const other of new Set(surplus)) await destroy(other, session.groups);
    },
    async replace(key, session) {
      await addToIndexes(key, session);
      const previous = records.revisionPrefix(session.revision - 1);
      const record = records.write(key, session);
      const outcome = await run(REPLACE, toSessionKey(key), previous, record, ttlMs(session));
      // It has ended, and its key is never used again.
      if (outcome === -1) await removeFromIndexes(key, session.groups);
      return outcome === 1;
    },
    keysOf: indexes.list,
    lock: (key, lifetimeMs) =>
      takeLock({ setIfAbsent, run }, { key: `${prefix}lock:${key}`, lifetimeMs, leaseMs }),
    claimOnce: (key, lifetimeMs) => {
      const hash = createHash('sha256').update(key).digest('base64url');
      return setIfAbsent(`${prefix}once:${hash}`, '1', lifetimeMs);
    },
    isReachable: () =>
      redis.read(`${prefix}session:`, 1).then(
        () => true,
        () => false,
      ),
    close: redis.close,
  };
}
