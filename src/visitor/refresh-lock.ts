import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Release, Session, Sessions } from '../session/session.ts';
import type { SessionContent } from './browser-sessions.ts';

/** Result of waiting for the refresh lock: acquired or timed out. */
export interface RefreshLock {
  session: Session<SessionContent> | undefined;
  /** Whether the lock is held, so that no other process refreshes the tokens of this session now. */
  isHeld: boolean;
}

/**
 * Runs work on the tokens of a session while holding its lock: one at a time in this process, and among
 * processes by a lock in the store. Concurrent calls for the same operation share one result.
 */
export type WithRefreshLock = (
  key: string,
  task: { operation: string; work: (lock: RefreshLock) => Promise<string> },
) => Promise<string>;

// How soon a process checks whether another one has released the lock, and how often if that lasts: a
// provider that does not respond may keep thousands of requests waiting.
const POLL_MS = 50;
const LONGEST_POLL_MS = 500;
// How long to wait for an in-flight refresh whose lock is lost.
const GRACE_MS = 2_000;

/** @param limits `holdMs` for how long a lock is held at most, `waitMs` for how long to wait for it */
export function createRefreshLock(
  sessions: Sessions<SessionContent>,
  limits: { holdMs: number; waitMs: number },
): WithRefreshLock {
  const running = new Map<string, { operation: string; outcome: Promise<string> }>();

  const withStoreLock = async (key: string, work: (lock: RefreshLock) => Promise<string>) => {
    const release = await acquire(sessions, key, limits);
    try {
      const session = await findSettled(sessions, key);
      return await work({ session, isHeld: release !== undefined });
    } finally {
      await release?.();
    }
  };

  return async (key, { operation, work }) => {
    const previous = running.get(key);
    if (previous?.operation === operation) return previous.outcome;
    const turn = previous ? previous.outcome.catch(() => {}) : Promise.resolve();
    const current = { operation, outcome: turn.then(() => withStoreLock(key, work)) };
    running.set(key, current);
    try {
      return await current.outcome;
    } finally {
      if (running.get(key) === current) running.delete(key);
    }
  };
}

async function acquire(
  sessions: Sessions<SessionContent>,
  key: string,
  { holdMs, waitMs }: { holdMs: number; waitMs: number },
): Promise<Release | undefined> {
  const ends = performance.now() + waitMs;
  for (let pause = POLL_MS; ; pause = Math.min(2 * pause, LONGEST_POLL_MS)) {
    const release = await sessions.lock(key, holdMs);
    const leftMs = ends - performance.now();
    if (release || leftMs <= 0) return release;
    await delay(Math.min(pause, leftMs));
  }
}

/**
 * Finds a session without an in-flight refresh. If one is in flight, its process has died, or has lost the
 * store for longer than a lock lasts. In the second case it stores the only valid refresh token as soon as
 * the store is back, so wait for that.
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
