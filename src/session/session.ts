import { createHash, randomBytes } from 'node:crypto';
import type { Log } from '../log.ts';

/** A signed-in browser. Times are epoch milliseconds. */
export interface Session<Content> {
  /** `SESSION_FORMAT` of the program that made it. */
  format: number;
  content: Content;
  /** When it ends unless it is used before. */
  idleExpiresAt: number;
  /** When it ends however much it is used. */
  expiresAt: number;
}

/** Where sessions are kept; `test/session/store-contract.ts` is what each store has to pass. */
export interface SessionStore<Content> {
  load(id: string): Promise<Session<Content> | undefined>;
  save(id: string, session: Session<Content>): Promise<void>;
  /** Saves only what is still there, so that a late writer never revives a session that ended. */
  replace(id: string, session: Session<Content>): Promise<boolean>;
  destroy(id: string): Promise<void>;
}

export interface Sessions<Content> {
  /** Begins a session under a new unguessable id. */
  start(content: Content): Promise<string>;
  /** The session of an id, if it has not expired; using it puts its idle limit off. */
  find(id: string, options?: { slide?: boolean }): Promise<Session<Content> | undefined>;
  /** Changes what a session holds; `false` when it has ended meanwhile. */
  update(id: string, content: Content): Promise<boolean>;
  end(id: string): Promise<void>;
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
export const SESSION_FORMAT = 1;

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

  const expired = async (id: string) => {
    await store.destroy(id);
    log.info('session_expired', { session: shortHash(id) });
    return undefined;
  };

  return {
    async start(content) {
      const id = randomBytes(32).toString('base64url');
      const expiresAt = now() + absoluteMs;
      const times = { expiresAt, idleExpiresAt: idleExpiry(expiresAt) };
      await store.save(id, { format: SESSION_FORMAT, content, ...times });
      return id;
    },
    // On the way of every signed-in request: one wait, for the store.
    async find(id, { slide = true } = {}) {
      const session = await store.load(id);
      if (session?.format !== SESSION_FORMAT) return undefined;
      // Not `>=`: in a damaged entry, a time that is no number has passed.
      if (!session.content || !(now() < session.idleExpiresAt)) return expired(id);
      if (!slide) return session;
      const idleExpiresAt = idleExpiry(session.expiresAt);
      if (idleExpiresAt - session.idleExpiresAt < idleMs / SLIDES_PER_IDLE_PERIOD) return session;
      const slid = { ...session, idleExpiresAt };
      return (await store.replace(id, slid)) ? slid : undefined;
    },
    async update(id, content) {
      const session = await this.find(id, { slide: false });
      return session ? store.replace(id, { ...session, content }) : false;
    },
    end: (id) => store.destroy(id),
  };
}

/** A session id as the log shows it: enough to tell two apart, worthless to anybody who reads it. */
export function shortHash(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12);
}
