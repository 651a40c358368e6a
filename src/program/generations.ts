import { type App, type AppOptions, createApp } from '../app/app.ts';
import { type OpenStore, openStore } from '../app/open-store.ts';
import type { Config } from '../config/config.ts';
import type { ConfigIssue } from '../errors.ts';
import { requireNoIssues, settingIssue } from './reload.ts';

export interface GenerationOptions extends Omit<AppOptions, 'opened' | 'isStopping'> {
  isStopping: () => boolean;
  /** Fails to start if users could not sign in: the store or the provider is unreachable. */
  requireReady?: boolean | undefined;
}

/** An application with its configuration and store. */
interface Generation {
  config: Config;
  opened: OpenStore;
  app: App;
}

/** The current application, and earlier ones that still have requests in flight. */
export interface Generations {
  readonly current: Generation;
  /** @throws SignInError, or an error of the templates; the current application then stays */
  replace(config: Config): Promise<void>;
  closeAll(): Promise<void>;
}

// Longer than the slowest response takes: reading the request, the refresh lock, two calls to the provider.
const LAST_RESPONSE_MS = 60_000;

/**
 * Creates an application for each configuration. The next application takes over the store, unless its
 * settings changed, and the clock.
 */
export async function createGenerations(
  config: Config,
  { requireReady, ...options }: GenerationOptions,
): Promise<Generations> {
  const { log } = options;
  const running = new Set<Generation>();

  const open = async (config: Config, previous?: OpenStore): Promise<Generation> => {
    const opened = await openStore(config.session, { log, now: options.now, previous });
    try {
      const app = await createApp(config, { ...options, opened });
      const generation = { config, opened, app };
      running.add(generation);
      return generation;
    } catch (error) {
      if (opened !== previous) await opened.store.close();
      throw error;
    }
  };
  const close = async (generation: Generation) => {
    if (!running.delete(generation)) return;
    const { app, opened } = generation;
    await app.close();
    if (![...running].some((other) => other.opened === opened)) await opened.store.close();
  };
  const requireReadyApp = async (next: Generation, previous?: Generation) => {
    const issues = await readinessRegressions(next, previous);
    if (issues.length > 0) await close(next);
    requireNoIssues(issues);
  };

  let current = await open(config);
  if (requireReady) await requireReadyApp(current);
  return {
    get current() {
      return current;
    },
    async replace(config) {
      const previous = current;
      const next = await open(config, previous.opened);
      await requireReadyApp(next, previous);
      current = next;
      setTimeout(() => void close(previous), LAST_RESPONSE_MS).unref();
    },
    async closeAll() {
      await Promise.all([...running].map(close));
    },
  };
}

/** Finds why users could not sign in with the next application, except what the previous one lacks too. */
async function readinessRegressions(
  { app }: Generation,
  previous?: Generation,
): Promise<ConfigIssue[]> {
  await app.preload();
  const [problems, known] = await Promise.all([app.readiness(), previous?.app.readiness()]);
  const issues: ConfigIssue[] = [];
  if (problems.server) issues.push({ setting: 'the server', path: [], problem: 'is stopping' });
  if (problems.store && !known?.store) issues.push(settingIssue('session.store', 'is unreachable'));
  const missing = (problems.policies ?? []).filter((policy) => !known?.policies?.includes(policy));
  if (missing.length > 0) {
    const names = missing.join(', ');
    const problem = `no discovery document or signing keys are available for ${names}`;
    issues.push(settingIssue('policies', problem));
  }
  return issues;
}
