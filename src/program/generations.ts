import { type App, type AppOptions, createApp } from '../app/app.ts';
import { type OpenStore, openStore } from '../app/open-store.ts';
import type { Config } from '../config/config.ts';
import type { ConfigIssue } from '../errors.ts';
import { requireNoIssues, settingIssue } from './reload.ts';

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
    const issues = await readinessRegressions(next, before);
    if (issues.length > 0) await end(next);
    requireNoIssues(issues);
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

/** Finds what makes sign-in impossible with a generation, except what was so before. */
async function readinessRegressions(
  { app }: Generation,
  before?: Generation,
): Promise<ConfigIssue[]> {
  await app.preload();
  const [lacks, known] = await Promise.all([app.readiness(), before?.app.readiness()]);
  const issues: ConfigIssue[] = [];
  if (lacks.server) issues.push({ setting: 'the server', path: [], problem: 'is stopping' });
  if (lacks.store && !known?.store) issues.push(settingIssue('session.store', 'is unreachable'));
  const missing = (lacks.policies ?? []).filter((policy) => !known?.policies?.includes(policy));
  if (missing.length > 0) {
    const names = missing.join(', ');
    const problem = `no discovery document or signing keys are available for ${names}`;
    issues.push(settingIssue('policies', problem));
  }
  return issues;
}
