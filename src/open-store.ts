import type { Config } from './config/config.ts';
import type { Log } from './log.ts';
import { createRedisClient } from './redis-client.ts';
import { createMemoryStore } from './session/memory-store.ts';
import { createRedisStore } from './session/redis-store.ts';
import type { SessionStore } from './session/session.ts';
import { createSteadyClock } from './session/steady-clock.ts';
import type { SignedIn } from './visitor/signed-in.ts';

/** All that outlives an application: where sessions are, and the clock that they go by. */
export interface OpenStore {
  store: SessionStore<SignedIn>;
  steadyNow: () => number;
  madeOf: string;
}

/**
 * The store that the configuration names; the one `before` if that is it. One that cannot be reached is
 * no fault of it.
 * @throws SignInError `config_invalid` when it needs a package that is not installed
 */
export async function openStore(
  { secrets, store: settings }: Config['session'],
  {
    log,
    now,
    before,
  }: { log: Log; now?: (() => number) | undefined; before?: OpenStore | undefined },
): Promise<OpenStore> {
  const { maxPerUser: maxPerGroup } = settings;
  // In this process nothing is sealed.
  const madeOf = JSON.stringify([settings, settings.kind === 'memory' ? [] : secrets]);
  if (before?.madeOf === madeOf) return before;
  const steadyNow = before?.steadyNow ?? createSteadyClock(now ? { wall: now } : {});
  if (settings.kind === 'memory') {
    const { maxSessions } = settings;
    const store = createMemoryStore<SignedIn>({ maxSessions, maxPerGroup, now: steadyNow });
    return { store, steadyNow, madeOf };
  }
  const { prefix } = settings;
  const redis = await createRedisClient(settings, { log });
  const store = createRedisStore<SignedIn>({
    ...{ redis, secrets, prefix, maxPerGroup, log, now: steadyNow },
  });
  return { store, steadyNow, madeOf };
}
