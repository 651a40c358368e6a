import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Release } from '../session.ts';

/** What locks ask of a store: each fails within a deadline. */
interface LockCommands {
  /** Says whether there was no such key. */
  setIfAbsent(key: string, value: string, lifetimeMs: number): Promise<boolean>;
  run(script: string, key: string, ...args: (string | number)[]): Promise<unknown>;
}

// KEYS[1] is the lock. ARGV: the holder, and how long the lock lasts without being renewed again.
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;
const UNLOCK = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end`;

// Whoever holds a lock says so five times in this time. It is how long others wait for one that has been
// killed, and how long a process may stand still, or the store be away, without losing its lock.
const LEASE_MS = 5_000;

/**
 * A lock that its holder renews as long as his process lives, up to `lifetimeMs`; `undefined` while
 * somebody else holds it.
 */
export async function takeLock(
  { setIfAbsent, run }: LockCommands,
  {
    key,
    lifetimeMs,
    leaseMs = LEASE_MS,
  }: { key: string; lifetimeMs: number; leaseMs?: number | undefined },
): Promise<Release | undefined> {
  const own = randomBytes(16).toString('base64url');
  const ends = performance.now() + lifetimeMs;
  const left = () => Math.ceil(Math.min(leaseMs, ends - performance.now()));
  if (!(await setIfAbsent(key, own, left()))) return undefined;
  const renewal = setInterval(() => {
    if (left() > 0) run(RENEW, key, own, left()).catch(noop);
    else clearInterval(renewal);
  }, leaseMs / 5);
  // Nothing to stay alive for.
  renewal.unref();
  return () => {
    clearInterval(renewal);
    return run(UNLOCK, key, own).then(noop, noop);
  };
}

const noop = () => {};
