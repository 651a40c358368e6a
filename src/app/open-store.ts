import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { createMemoryStore } from '../session/memory-store.ts';
import { createRedisClient } from '../session/redis/redis-client.ts';
import { createRedisStore } from '../session/redis/redis-store.ts';
import type { SessionStore } from '../session/session.ts';
import { createSteadyClock } from '../session/steady-clock.ts';
import type { SessionContent } from '../visitor/browser-sessions.ts';

/** The session store and its clock, which outlive an application. */
export interface OpenStore {
  store: SessionStore<SessionContent>;
  steadyNow: () => number;
  settingsKey: string;
}

/**
 * Opens the configured session store, or reuses `previous` if its settings are unchanged. Does not fail if
 * the store is unreachable.
 * @throws SignInError `config_invalid` when it needs a package that is not installed
 */
export async function openStore(
  { secrets, store: settings }: Config['session'],
  {
    log,
    now,
    previous,
  }: { log: Log; now?: (() => number) | undefined; previous?: OpenStore | undefined },
): Promise<OpenStore> {
  const { maxPerUser: maxPerGroup } = settings;
  // Sessions in memory are not encrypted, so the secrets do not matter.
  const settingsKey = JSON.stringify([settings, settings.kind === 'memory' ? [] : secrets]);
  if (previous?.settingsKey === settingsKey) return previous;
  const steadyNow = previous?.steadyNow ?? createSteadyClock(now ? { wall: now } : {});
  if (settings.kind === 'memory') {
    const { maxSessions } = settings;
    const store = createMemoryStore<SessionContent>({ maxSessions, maxPerGroup, now: steadyNow });
    return { store, steadyNow, settingsKey };
  }
  const { prefix } = settings;
  const redis = await createRedisClient(settings, { log });
  const store = createRedisStore<SessionContent>({
    ...{ redis, secrets, prefix, maxPerGroup, log, now: steadyNow },
  });
  return { store, steadyNow, settingsKey };
}
