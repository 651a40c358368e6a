import { createHash } from 'node:crypto';

/** The index of each group: the keys of its sessions, by the time when they expire if unused. */
export interface GroupIndexes {
  /** Adds a session. Returns the keys of sessions above the limit, for the caller to end. */
  add(group: string, entry: { key: string; expiresAt: number; ttlMs: number }): Promise<string[]>;
  remove(group: string, key: string): Promise<void>;
  /** Returns the keys of the group's sessions, least recently used first. Some may have expired. */
  list(group: string): Promise<string[]>;
}

export interface GroupIndexOptions {
  prefix: string;
  /** Runs a script on one key. Returns `undefined` if the key has the wrong type. */
  run(script: string, key: string, args: readonly (string | number)[]): Promise<unknown>;
  /** Deletes an index that b2c-signin cannot have written. */
  discard(key: string, detail: string): Promise<void>;
  maxPerGroup: number;
  clockToleranceMs: number;
  now: () => number;
}

// KEYS[1] is the index. ARGV: key of the session, its expiry time, lifetime of the index, the time before
// which entries have expired, limit of the group, limit of an index, limit of the result.
const ADD = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4])
if redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[6]) then return -1 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local surplus = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[5])
surplus = math.min(surplus, tonumber(ARGV[7]))
local oldest = {}
if surplus > 0 then
  for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, surplus)) do
    if key ~= ARGV[1] and #oldest < surplus then oldest[#oldest + 1] = key end
  end
end
return oldest`;

const REMOVE = `return redis.call('ZREM', KEYS[1], ARGV[1])`;
const LIST = `return redis.call('ZRANGE', KEYS[1], -tonumber(ARGV[1]), -1)`;

// Ending a session costs a few commands. After the limit was lowered, later sign-ins end the rest.
const MAX_SURPLUS = 100;
// Concurrent sign-ins exceed the limit of a group by a few entries. An index with more entries than this,
// and twice its limit, is corrupt.
const MAX_ENTRIES = 10_000;
const MAX_LISTED = 1_000;

export function createGroupIndexes(options: GroupIndexOptions): GroupIndexes {
  const { prefix, run, discard, maxPerGroup, clockToleranceMs, now } = options;
  const maxEntries = Math.max(MAX_ENTRIES, 2 * maxPerGroup);
  const maxListed = Math.max(MAX_LISTED, maxPerGroup);
  // The names of groups contain subjects, so they are hashed.
  const toIndexKey = (group: string) =>
    `${prefix}group:${createHash('sha256').update(group).digest('base64url')}`;

  return {
    async add(group, { key, expiresAt, ttlMs }) {
      const index = toIndexKey(group);
      const past = Math.floor(now()) - clockToleranceMs;
      const limits = [maxPerGroup, maxEntries, MAX_SURPLUS];
      const args = [key, Math.floor(expiresAt), ttlMs + clockToleranceMs, past, ...limits];
      const result = await run(ADD, index, args);
      if (Array.isArray(result)) return result;
      await discard(index, result === -1 ? 'an index is too large' : 'an index has another type');
      const second = await run(ADD, index, args);
      return Array.isArray(second) ? second : [];
    },
    async remove(group, key) {
      await run(REMOVE, toIndexKey(group), [key]);
    },
    async list(group) {
      const index = toIndexKey(group);
      const result = await run(LIST, index, [maxListed]);
      if (Array.isArray(result)) return result;
      await discard(index, 'an index has another type');
      return [];
    },
  };
}
