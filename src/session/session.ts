import { SignInError } from '../errors.ts';
import { type Log, shortHash } from '../log/log.ts';

/** A signed-in browser. Times are epoch milliseconds. */
export interface Session<Content> {
  /** The `SESSION_FORMAT` that it was created with. */
  format: number;
  content: Content;
  /** Incremented by every change. */
  revision: number;
  /** Groups of sessions that it belongs to: those of its user, those of one session at the provider. */
  groups: readonly string[];
  startedAt: number;
  /** When it expires unless it is used before then. */
  idleExpiresAt: number;
  /** When it expires even if it is used. */
  expiresAt: number;
}

/**
 * A session store. Every store passes `test/session/store-contract.ts`. The key of a session is the signature
 * of its ID, so the content of a store is not enough to create a session cookie.
 * @throws SignInError `store_unreachable`
 */
export interface SessionStore<Content> {
  load(key: string): Promise<Session<Content> | undefined>;
  save(key: string, session: Session<Content>): Promise<void>;
  /**
   * Saves only if the stored revision is the previous one. So a late writer neither restores a session that
   * has ended nor undoes a change that it has not seen.
   */
  replace(key: string, session: Session<Content>): Promise<boolean>;
  destroy(key: string): Promise<void>;
  /** Returns the keys of a group's sessions, least recently used first. Some may have expired. */
  keysOf(group: string): Promise<string[]>;
  /**
   * Acquires a lock among all processes that share the store. Returns `undefined` while another holder has
   * it. The lock expires after `lifetimeMs`, or earlier if the holder's process has died.
   */
  lock(key: string, lifetimeMs: number): Promise<Release | undefined>;
  /** Returns true for the first call with a key within `lifetimeMs`, among all that share the store. */
  claimOnce(key: string, lifetimeMs: number): Promise<boolean>;
  /** Whether the store responds. Never throws. */
  isReachable(): Promise<boolean>;
  /** The number of sessions, if it is known without a request. */
  size?(): number;
  /** Closes connections. */
  close(): Promise<void>;
}

/** Releases a lock if it is still held. Never throws. */
export type Release = () => Promise<void>;

/** A session with its key in the store. */
export interface FoundSession<Content> extends Session<Content> {
  key: string;
}

export interface Sessions<Content> {
  start(key: string, session: { content: Content; groups: readonly string[] }): Promise<void>;
  /** Finds a session that has not expired. Extends its idle timeout unless `slide` is false. */
  find(key: string, options?: { slide?: boolean }): Promise<Session<Content> | undefined>;
  /** Finds all sessions of a group that have not expired. Does not extend them. */
  findAll(group: string): Promise<FoundSession<Content>[]>;
  /**
   * Changes the current content of a session. Returns the changed session, or `undefined` if the session has
   * ended in the meantime.
   */
  update(key: string, change: (content: Content) => Content): Promise<Session<Content> | undefined>;
  end(key: string): Promise<void>;
  lock: SessionStore<Content>['lock'];
  isReachable: SessionStore<Content>['isReachable'];
}

export interface SessionsOptions<Content> {
  store: SessionStore<Content>;
  log: Log;
  idleMs: number;
  absoluteMs: number;
  now?: () => number;
}

/**
 * Increment it with every change of the content of sessions. Two versions of b2c-signin that share a store
 * then ignore each other's sessions.
 */
export const SESSION_FORMAT = 5;

// One conflicting writer succeeds per round, so this is the number of concurrent writers supported.
const MAX_ATTEMPTS = 100;
// A session in constant use is written this often per idle timeout, instead of at each request.
const SLIDES_PER_IDLE_PERIOD = 20;

export function createSessions<Content>({
  store,
  log,
  idleMs,
  absoluteMs,
  now = Date.now,
}: SessionsOptions<Content>): Sessions<Content> {
  const idleExpiry = (time: number, expiresAt: number) => Math.min(time + idleMs, expiresAt);

  const expire = async (key: string) => {
    await store.destroy(key);
    log.info('session_expired', { session: hashSessionId(key) });
    return undefined;
  };

  // Every signed-in request takes this path: the store is the only wait.
  const find: Sessions<Content>['find'] = async (key, { slide = true } = {}) => {
    const session = await store.load(key);
    if (session?.format !== SESSION_FORMAT) return undefined;
    const time = now();
    // Not `>=`: in a corrupt entry the time may be no number, and then the session has expired.
    if (!session.content || !(time < session.idleExpiresAt)) return expire(key);
    if (!slide) return session;
    const idleExpiresAt = idleExpiry(time, session.expiresAt);
    if (idleExpiresAt - session.idleExpiresAt < idleMs / SLIDES_PER_IDLE_PERIOD) return session;
    const slid = { ...session, idleExpiresAt, revision: session.revision + 1 };
    return (await saveSlid(key, slid)) ? slid : find(key, { slide: false });
  };

  // A store that is full or read-only cannot extend the session, which is still valid until its timeout.
  const saveSlid = (key: string, slid: Session<Content>) =>
    store.replace(key, slid).catch((error) => {
      if (error instanceof SignInError && error.code === 'store_unreachable') return false;
      throw error;
    });

  return {
    async start(key, { content, groups }) {
      const startedAt = now();
      const expiresAt = startedAt + absoluteMs;
      const times = { startedAt, expiresAt, idleExpiresAt: idleExpiry(startedAt, expiresAt) };
      await store.save(key, { format: SESSION_FORMAT, revision: 1, content, groups, ...times });
    },
    find,
    async findAll(group) {
      const found = await Promise.all(
        (await store.keysOf(group)).map(async (key) => {
          const session = await find(key, { slide: false });
          return session ? [{ ...session, key }] : [];
        }),
      );
      return found.flat();
    },
    async update(key, change) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const session = await find(key, { slide: false });
        if (!session) return undefined;
        const { content, revision } = session;
        const changed = { ...session, content: change(content), revision: revision + 1 };
        if (await store.replace(key, changed)) return changed;
      }
      throw new Error('too many concurrent changes of a session');
    },
    end: (key) => store.destroy(key),
    lock: (key, lifetimeMs) => store.lock(key, lifetimeMs),
    isReachable: () => store.isReachable(),
  };
}

/** Returns the name of a session in logs and on pages. */
export const hashSessionId = (key: string): string => shortHash(key);
