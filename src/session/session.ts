import { SignInError } from '../errors.ts';
import { type Log, shortHash } from '../log/log.ts';

/** A signed-in browser. Times are epoch milliseconds. */
export interface Session<Content> {
  /** `SESSION_FORMAT` of the program that made it. */
  format: number;
  content: Content;
  /** Counts the changes. */
  revision: number;
  /** What it can be found by besides its key: whose it is, which session at the provider it is of. */
  groups: readonly string[];
  startedAt: number;
  /** When it ends unless it is used before. */
  idleExpiresAt: number;
  /** When it ends however much it is used. */
  expiresAt: number;
}

/**
 * Where sessions are kept; `test/session/store-contract.ts` is what each store has to pass. The key
 * of a session is the signature of its id: whoever reads a store cannot make a cookie of what is there.
 * @throws SignInError `store_unreachable`
 */
export interface SessionStore<Content> {
  load(key: string): Promise<Session<Content> | undefined>;
  save(key: string, session: Session<Content>): Promise<void>;
  /**
   * Saves only in the place of the revision before: a late writer neither revives a session that ended
   * nor undoes a change that it has not seen.
   */
  replace(key: string, session: Session<Content>): Promise<boolean>;
  destroy(key: string): Promise<void>;
  /** The keys of the sessions of a group, the one unused for longest first; some may have expired. */
  keysOf(group: string): Promise<string[]>;
  /**
   * Something that one holder at a time may do, among all that share the store; `undefined` while
   * another does it. It is free again after `lifetimeMs`, or before, once its holder's process has died.
   */
  lock(key: string, lifetimeMs: number): Promise<Release | undefined>;
  /** Whether a key comes for the first time within `lifetimeMs`, among all that share the store. */
  claimOnce(key: string, lifetimeMs: number): Promise<boolean>;
  /** Whether it answers. Never fails. */
  isReachable(): Promise<boolean>;
  /** How many sessions there are, where that is known at no cost. */
  size?(): number;
  /** Lets go of whatever it holds open. */
  close(): Promise<void>;
}

/** Gives a lock back, if it is held still. Never fails. */
export type Release = () => Promise<void>;

/** A session that was found, with the key that it is kept under. */
export interface FoundSession<Content> extends Session<Content> {
  key: string;
}

export interface Sessions<Content> {
  start(key: string, what: { content: Content; groups: readonly string[] }): Promise<void>;
  /** The session of a key, if it has not expired; using it puts its idle limit off. */
  find(key: string, options?: { slide?: boolean }): Promise<Session<Content> | undefined>;
  /** All sessions of a group that have not expired. Puts no limit off. */
  findAll(group: string): Promise<FoundSession<Content>[]>;
  /**
   * Changes what a session holds, starting from what it holds at that moment; gives it as it is
   * then, `undefined` when it has ended meanwhile.
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
 * To be raised with every change of what a session holds: where two versions of this program share a
 * store, the sessions of one are none for the other.
 */
export const SESSION_FORMAT = 5;

// Of those who change a session at once one succeeds each time, so this many can do so.
const MAX_ATTEMPTS = 100;
// A session in constant use is written this many times in each idle period, not at each request.
const SLIDES_PER_IDLE_PERIOD = 20;

export function createSessions<Content>({
  store,
  log,
  idleMs,
  absoluteMs,
  now = Date.now,
}: SessionsOptions<Content>): Sessions<Content> {
  const idleExpiry = (expiresAt: number) => Math.min(now() + idleMs, expiresAt);

  const expired = async (key: string) => {
    await store.destroy(key);
    log.info('session_expired', { session: hashSessionId(key) });
    return undefined;
  };

  // On the way of every signed-in request: one wait, for the store.
  const find: Sessions<Content>['find'] = async (key, { slide = true } = {}) => {
    const session = await store.load(key);
    if (session?.format !== SESSION_FORMAT) return undefined;
    // Not `>=`: in a damaged entry, a time that is no number has passed.
    if (!session.content || !(now() < session.idleExpiresAt)) return expired(key);
    if (!slide) return session;
    const idleExpiresAt = idleExpiry(session.expiresAt);
    if (idleExpiresAt - session.idleExpiresAt < idleMs / SLIDES_PER_IDLE_PERIOD) return session;
    const slid = { ...session, idleExpiresAt, revision: session.revision + 1 };
    return (await slides(key, slid)) ? slid : find(key, { slide: false });
  };

  // A store that is full or read-only cannot put the limit off, which is no reason to turn anybody away.
  const slides = (key: string, slid: Session<Content>) =>
    store.replace(key, slid).catch((error) => {
      if (error instanceof SignInError && error.code === 'store_unreachable') return false;
      throw error;
    });

  return {
    async start(key, { content, groups }) {
      const startedAt = now();
      const expiresAt = startedAt + absoluteMs;
      const times = { startedAt, expiresAt, idleExpiresAt: idleExpiry(expiresAt) };
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
      throw new Error('a session changes faster than it can be changed');
    },
    end: (key) => store.destroy(key),
    lock: (key, lifetimeMs) => store.lock(key, lifetimeMs),
    isReachable: () => store.isReachable(),
  };
}

/** A session as log and pages name it. */
export const hashSessionId = (key: string): string => shortHash(key);
