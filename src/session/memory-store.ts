import type { Session, SessionStore } from './session.ts';

export interface MemoryStoreOptions<Content> {
  maxSessions: number;
  /** How many one user may have: above it, his own session unused for longest goes. */
  maxPerUser?: number;
  userOf?: (content: Content) => string;
  now?: () => number;
}

/**
 * Sessions in this process: right for one process, gone when it ends. Every operation takes constant
 * time. The map is in the order of the last write, which is the order of idle expiry, so expired
 * sessions are found at its front; above `maxSessions` the one unused for longest goes. The ids of
 * each user are in the same order, so that nobody's many sign-ins push out the sessions of others.
 */
export function createMemoryStore<Content>({
  maxSessions,
  maxPerUser = Number.POSITIVE_INFINITY,
  userOf = () => '',
  now = Date.now,
}: MemoryStoreOptions<Content>): SessionStore<Content> {
  const sessions = new Map<string, Session<Content>>();
  const idsOfUsers = new Map<string, Set<string>>();

  const remove = (id: string) => {
    const session = sessions.get(id);
    if (!session) return;
    sessions.delete(id);
    const user = userOf(session.content);
    const ids = idsOfUsers.get(user);
    ids?.delete(id);
    if (ids?.size === 0) idsOfUsers.delete(user);
  };
  const write = (id: string, session: Session<Content>) => {
    remove(id);
    sessions.set(id, session);
    const user = userOf(session.content);
    const ids = idsOfUsers.get(user);
    if (ids) ids.add(id);
    else idsOfUsers.set(user, new Set([id]));
  };
  const dropOldest = ({ content }: Session<Content>) => {
    const own = idsOfUsers.get(userOf(content));
    if (own && own.size > maxPerUser) for (const id of firstOf(own, 1)) remove(id);
    // Two at each save: more than what is added, so the expired never pile up.
    for (const [id, session] of firstOf(sessions, 2)) {
      if (session.idleExpiresAt <= now() || sessions.size > maxSessions) remove(id);
    }
  };

  return {
    load: (id) => Promise.resolve(sessions.get(id)),
    async save(id, session) {
      write(id, session);
      dropOldest(session);
    },
    async replace(id, session) {
      const present = sessions.has(id);
      if (present) write(id, session);
      return present;
    },
    async destroy(id) {
      remove(id);
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
