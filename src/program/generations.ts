import { type App, type AppOptions, createApp } from '../app/app.ts';
import { type OpenStore, openStore } from '../app/open-store.ts';
import type { Config } from '../config/config.ts';
import { refuse } from './reload.ts';

export interface GenerationOptions extends Omit<AppOptions, 'opened' | 'isStopping'> {
  isStopping: () => boolean;
  /** Refuses to begin where nobody could sign in: without the store, or without the provider. */
  requireReady?: boolean | undefined;
}

/** An application with what it is made of. */
interface Generation {
  config: Config;
  opened: OpenStore;
  app: App;
}

/** The application that answers, and those before it that have not answered everything yet. */
export interface Generations {
  readonly current: Generation;
  /** @throws SignInError, or what is wrong with the templates; then the current one stays */
  follow(config: Config): Promise<void>;
  endAll(): Promise<void>;
}

// More than the slowest answer takes: its request, a turn, two exchanges with the provider.
const LAST_ANSWER_MS = 60_000;

/**
 * One application follows the other with a configuration of its own, and has what lasts from the one
 * before: the store, unless it is configured anew, and the clock.
 */
export async function createGenerations(
  config: Config,
  { requireReady, ...options }: GenerationOptions,
): Promise<Generations> {
  const { log } = options;
  const living = new Set<Generation>();

  const begin = async (config: Config, previous?: OpenStore): Promise<Generation> => {
    const opened = await openStore(config.session, { log, now: options.now, previous });
    try {
      const app = await createApp(config, { ...options, opened });
      const generation = { config, opened, app };
      living.add(generation);
      return generation;
    } catch (error) {
      if (opened !== previous) await opened.store.close();
      throw error;
    }
  };
  const end = async (generation: Generation) => {
    if (!living.delete(generation)) return;
    const { app, opened } = generation;
    await app.close();
    if (![...living].some((other) => other.opened === opened)) await opened.store.close();
  };
  const requireReadyApp = async (next: Generation, before?: Generation) => {
    const faults = await readinessRegressions(next, before);
    if (faults.length > 0) await end(next);
    refuse(faults);
  };

  let current = await begin(config);
  if (requireReady) await requireReadyApp(current);
  return {
    get current() {
      return current;
    },
    async follow(config) {
      const before = current;
      const next = await begin(config, before.opened);
      await requireReadyApp(next, before);
      current = next;
      setTimeout(() => void end(before), LAST_ANSWER_MS).unref();
    },
    async endAll() {
      await Promise.all([...living].map(end));
    },
  };
}

/** Why nobody could sign in with a generation, unless that was so before. */
async function readinessRegressions({ app }: Generation, before?: Generation): Promise<string[]> {
  await app.preload();
  const [lacks, known] = await Promise.all([app.readiness(), before?.app.readiness()]);
  const faults: string[] = [];
  if (lacks.server) faults.push('the server is stopping');
  if (lacks.store && !known?.store) faults.push('session.store: cannot be reached');
  const missing = (lacks.policies ?? []).filter((policy) => !known?.policies?.includes(policy));
  if (missing.length > 0) {
    faults.push(`policies: the provider has no metadata or keys at hand for ${missing.join(', ')}`);
  }
  return faults;
}
