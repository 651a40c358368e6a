import type { Session, SessionStore } from './session.ts';

/**
 * Sessions in this process: right for one process, gone when it ends. Every operation takes constant
 * time. The map is in the order of the last write, which is the order of idle expiry, so expired
 * sessions are found at its front; above `maxSessions` the one unused for longest goes.
 */
export function createMemoryStore<Content>({
  maxSessions,
  now = Date.now,
}: {
  maxSessions: number;
  now?: () => number;
}): SessionStore<Content> {
  const sessions = new Map<string, Session<Content>>();

  const write = (id: string, session: Session<Content>) => {
    sessions.delete(id);
    sessions.set(id, session);
  };
  const dropOldest = () => {
    // Two at each save: more than what is added, so the expired never pile up.
    for (const [id, session] of firstOf(sessions, 2)) {
      if (session.idleExpiresAt <= now() || sessions.size > maxSessions) sessions.delete(id);
    }
  };

  return {
    load: (id) => Promise.resolve(sessions.get(id)),
    async save(id, session) {
      write(id, session);
      dropOldest();
    },
    async replace(id, session) {
      const present = sessions.has(id);
      if (present) write(id, session);
      return present;
    },
    async destroy(id) {
      sessions.delete(id);
    },
  };
}

function* firstOf<Entry>(entries: Iterable<Entry>, count: number): Generator<Entry> {
  let taken = 0;
  for (const entry of entries) {
    if (taken++ === count) return;
    yield entry;
  }
}
