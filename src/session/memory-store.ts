import { createReplayCache } from './replay-cache.ts';
import type { Session, SessionStore } from './session.ts';

export interface MemoryStoreOptions {
  maxSessions: number;
  /** The maximum number of sessions of a group. Above it, its least recently used session ends. */
  maxPerGroup?: number;
  now?: () => number;
}

/**
 * Keeps sessions in memory: for one process, until it exits. Every operation takes constant time. The map
 * is in the order of the last write, which is the order of idle expiry, so expired sessions are at its
 * front. Above `maxSessions`, the least recently used session ends. The keys of each group are in the same
 * order, so a user with many sign-ins evicts only their sessions, not those of other users.
 */
export function createMemoryStore<Content>({
  maxSessions,
  maxPerGroup = Number.POSITIVE_INFINITY,
  now = Date.now,
}: MemoryStoreOptions): SessionStore<Content> {
  const sessions = new Map<string, Session<Content>>();
  const keysOfGroups = new Map<string, Set<string>>();
  const locks = new Map<string, { until: number }>();
  const claimOnce = createReplayCache({ now });

  const remove = (key: string) => {
    const session = sessions.get(key);
    if (!session) return;
    sessions.delete(key);
    for (const group of session.groups) {
      const keys = keysOfGroups.get(group);
      keys?.delete(key);
      if (keys?.size === 0) keysOfGroups.delete(group);
    }
  };
  const write = (key: string, session: Session<Content>) => {
    remove(key);
    sessions.set(key, session);
    for (const group of session.groups) {
      const keys = keysOfGroups.get(group);
      if (keys) keys.add(key);
      else keysOfGroups.set(group, new Set([key]));
    }
  };
  const dropOldest = ({ groups }: Session<Content>) => {
    for (const group of groups) {
      const keys = keysOfGroups.get(group);
      if (keys && keys.size > maxPerGroup) for (const key of firstOf(keys, 1)) remove(key);
    }
    // Two at each save: more than are added, so expired sessions never accumulate.
    for (const [key, session] of firstOf(sessions, 2)) {
      if (session.idleExpiresAt <= now() || sessions.size > maxSessions) remove(key);
    }
  };

  return {
    load: (key) => Promise.resolve(sessions.get(key)),
    async save(key, session) {
      write(key, session);
      dropOldest(session);
    },
    async replace(key, session) {
      const isNext = sessions.get(key)?.revision === session.revision - 1;
      if (isNext) write(key, session);
      return isNext;
    },
    async destroy(key) {
      remove(key);
    },
    keysOf: async (group) => [...(keysOfGroups.get(group) ?? [])],
    async lock(key, lifetimeMs) {
      if ((locks.get(key)?.until ?? 0) > now()) return undefined;
      const lock = { until: now() + lifetimeMs };
      locks.set(key, lock);
      return async () => {
        if (locks.get(key) === lock) locks.delete(key);
      };
    },
    claimOnce: async (key, lifetimeMs) => claimOnce(key, lifetimeMs),
    isReachable: () => Promise.resolve(true),
    size: () => sessions.size,
    close: async () => {},
  };
}

function* firstOf<Entry>(entries: Iterable<Entry>, count: number): Generator<Entry> {
  let taken = 0;
  for (const entry of entries) {
    if (taken++ === count) return;
    yield entry;
  }
}
