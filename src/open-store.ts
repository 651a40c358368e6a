import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createRedisClient } from './redis-client.ts';
import { createMemoryStore } from './session/memory-store.ts';
import { createRedisStore } from './session/redis-store.ts';
import type { SessionStore } from './session/session.ts';

/**
 * The store that the configuration names. One that cannot be reached is no fault of it.
 * @throws SignInError `config_invalid` when it needs a package that is not installed
 */
export async function openStore<Content>(
  { secrets, store }: Config['session'],
  { log, now }: { log: Log; now: () => number },
): Promise<SessionStore<Content>> {
  const { maxPerUser: maxPerGroup } = store;
  if (store.kind === 'memory') {
    return createMemoryStore({ maxSessions: store.maxSessions, maxPerGroup, now });
  }
  const redis = await createRedisClient(store, { log });
  return createRedisStore({ redis, secrets, prefix: store.prefix, maxPerGroup, log, now });
}
