import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Release } from '../session.ts';

/** The commands that locks need from a store. Each fails within a time limit. */
interface LockCommands {
  /** Returns whether the key did not exist. */
  setIfAbsent(key: string, value: string, lifetimeMs: number): Promise<boolean>;
  run(script: string, key: string, ...args: (string | number)[]): Promise<unknown>;
}

// KEYS[1] is the lock. ARGV: the holder, and how long the lock lasts until it is renewed.
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;
const UNLOCK = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end`;

// KEYS[1] is the lock. ARGV: the longest time that a lock lasts. A lock that lasts longer was not set here.
const REMOVE_FOREIGN = `
local left = redis.call('PTTL', KEYS[1])
if left == -1 or left > tonumber(ARGV[1]) then return redis.call('DEL', KEYS[1]) end`;

// The holder renews its lock five times in this time. Others wait this long for a process that was killed.
// A process may pause, or the store be unreachable, for this long without losing the lock.
const LEASE_MS = 5_000;

/**
 * Takes a lock that its holder renews as long as its process lives, up to `lifetimeMs`. Returns `undefined`
 * while another holder has it.
 */
export async function takeLock(
  { setIfAbsent, run }: LockCommands,
  {
    key,
    lifetimeMs,
    leaseMs = LEASE_MS,
  }: { key: string; lifetimeMs: number; leaseMs?: number | undefined },
): Promise<Release | undefined> {
  const holder = randomBytes(16).toString('base64url');
  const ends = performance.now() + lifetimeMs;
  const leftMs = () => Math.ceil(Math.min(leaseMs, ends - performance.now()));
  if (!(await setIfAbsent(key, holder, leftMs()))) {
    await run(REMOVE_FOREIGN, key, Math.max(leaseMs, LEASE_MS));
    return undefined;
  }
  const renewal = setInterval(() => {
    if (leftMs() > 0) run(RENEW, key, holder, leftMs()).catch(noop);
    else clearInterval(renewal);
  }, leaseMs / 5);
  // It must not keep the process alive.
  renewal.unref();
  return () => {
    clearInterval(renewal);
    return run(UNLOCK, key, holder).then(noop, noop);
  };
}

const noop = () => {};
