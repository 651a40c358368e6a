import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Release, Session, Sessions } from '../session/session.ts';
import type { SessionContent } from './browser-sessions.ts';

/** What somebody finds whose turn has come, or has not come in time. */
export interface RefreshLock {
  session: Session<SessionContent> | undefined;
  /** Whether nobody else refreshes the tokens of this session now, in whatever process. */
  isHeld: boolean;
}

/**
 * Does something with the tokens of a session in its turn: one after the other in this process, and among
 * processes by a lock in the store. Who comes meanwhile for the same thing has the outcome of whoever is
 * at it.
 */
export type WithRefreshLock = (
  key: string,
  what: { operation: string; work: (turn: RefreshLock) => Promise<string> },
) => Promise<string>;

// How soon a process asks whether another one has done with a session, and how often when that lasts:
// a provider that hangs may keep thousands waiting.
const POLL_MS = 50;
const LONGEST_POLL_MS = 500;
// How long a refresh that is under way in nobody's turn may still come to its end.
const GRACE_MS = 2_000;

/** @param limits for how long a turn is held at most, and waited for */
export function createRefreshLock(
  sessions: Sessions<SessionContent>,
  limits: { turnMs: number; waitMs: number },
): WithRefreshLock {
  const running = new Map<string, { operation: string; outcome: Promise<string> }>();

  const withStoreLock = async (key: string, work: (turn: RefreshLock) => Promise<string>) => {
    const release = await takeTurn(sessions, key, limits);
    try {
      const session = await findSettled(sessions, key);
      return await work({ session, isHeld: release !== undefined });
    } finally {
      await release?.();
    }
  };

  return async (key, { operation, work }) => {
    const other = running.get(key);
    if (other?.operation === operation) return other.outcome;
    const turn = other ? other.outcome.catch(() => {}) : Promise.resolve();
    const own = { operation, outcome: turn.then(() => withStoreLock(key, work)) };
    running.set(key, own);
    try {
      return await own.outcome;
    } finally {
      if (running.get(key) === own) running.delete(key);
    }
  };
}

async function takeTurn(
  sessions: Sessions<SessionContent>,
  key: string,
  { turnMs, waitMs }: { turnMs: number; waitMs: number },
): Promise<Release | undefined> {
  const ends = performance.now() + waitMs;
  for (let pause = POLL_MS; ; pause = Math.min(2 * pause, LONGEST_POLL_MS)) {
    const release = await sessions.lock(key, turnMs);
    const left = ends - performance.now();
    if (release || left <= 0) return release;
    await delay(Math.min(pause, left));
  }
}

/**
 * A session in whose turn nobody else is. One whose refresh is under way belongs to a holder who has
 * died, or to one whom the store has lost for longer than a lock lasts: that one comes at once when the
 * store is back, and his is the only good refresh token.
 */
async function findSettled(
  sessions: Sessions<SessionContent>,
  key: string,
): Promise<Session<SessionContent> | undefined> {
  const ends = performance.now() + GRACE_MS;
  for (;;) {
    const session = await sessions.find(key, { slide: false });
    const isSettled = session?.content.tokens.refreshState !== 'inFlight';
    if (isSettled || performance.now() > ends) return session;
    await delay(POLL_MS);
  }
}
