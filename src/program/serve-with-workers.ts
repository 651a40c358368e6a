import type { Config } from '../config/config.ts';
import { requirePath } from '../http/request.ts';
import { createResponder } from '../http/response.ts';
import type { Handler } from '../http/router.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { type OperationsListener, startOperationsListener } from '../operations/listener.ts';
import type { Metrics } from '../operations/metrics.ts';
import { reloadErrors, requireNoIssues, settingIssue } from './reload.ts';
import { startMessage } from './serve-single-process.ts';
import { type ProgramOutput, type RunningService, reportReload } from './service.ts';
import { createWorkerPool, type WorkerConfig, type WorkerPool } from './worker-pool.ts';

/** A configuration, and what workers need to come to the same one. */
export interface LoadedConfig {
  config: Config;
  order: WorkerConfig;
}

export interface WorkersOptions {
  count: number;
  readConfig: () => LoadedConfig;
  voice: ProgramOutput;
  exit(code: number): void;
}

// What a worker may take beside the times of `stop`.
const MARGIN_MS = 3_000;

/**
 * Serves with a number of workers that share one listener. This process signs nobody in: it reads the
 * configuration, sees that there are workers, and tells operators about them.
 */
export async function serveWithWorkers(
  reading: LoadedConfig,
  { count, readConfig, voice, exit }: WorkersOptions,
): Promise<RunningService> {
  const { print, startLog, version } = voice;
  let { config } = reading;
  requireNoIssues(sharingErrors(config));
  const { log, setLevel, metrics } = startLog(config);
  const limitMs = () => {
    const { drainSeconds, graceSeconds } = config.stop;
    return 1_000 * (drainSeconds + graceSeconds) + MARGIN_MS;
  };
  const crew = createWorkerPool({
    count,
    log,
    limitMs,
    async giveUp(reason) {
      log.error('worker_crash_loop', { detail: reason });
      print(`b2c-signin gives up, because its workers end as soon as they start: ${reason}.`);
      await stop();
      exit(1);
    },
  });
  const start = async () => {
    const address = await crew.start(reading.order);
    return { address, operations: await startOperations(config, metrics, crew) };
  };
  const { address, operations } = await start().catch(async (error) => {
    await crew.stop();
    throw error;
  });
  const stop = async () => {
    log.info('stopping');
    await crew.stop();
    await operations?.stop(0);
    log.info('stopped');
  };
  print(startMessage(config, address, version));
  return {
    stop,
    reload: () =>
      reportReload({ print, log }, async () => {
        const next = readConfig();
        requireNoIssues([...reloadErrors(config, next.config), ...sharingErrors(next.config)]);
        await crew.exchange(next.order);
        ({ config } = next);
        setLevel(config.log.level);
      }),
    forwardSignal: crew.forwardSignal,
  };
}

const sharingErrors = ({ session }: Config) =>
  session.store.kind === 'memory'
    ? [settingIssue('session.store', 'must be shared with --workers: { "kind": "redis", … }')]
    : [];

async function startOperations(
  { operations }: Config,
  metrics: Metrics | undefined,
  crew: WorkerPool,
): Promise<OperationsListener | undefined> {
  if (!operations || !metrics) return undefined;
  return startOperationsListener(operations, {
    snapshots: () => [
      metrics.snapshot(),
      crew.countsOfEnded(),
      ...crew.reports().map((r) => r.snapshot),
    ],
    health: healthOf(crew),
  });
}

/** Ready is who has a worker that is. */
function healthOf(crew: WorkerPool): Handler {
  const respond = createResponder(securityHeaders({}));
  return (request, response) => {
    if (requirePath(request) === '/healthz') return respond.json(response, 200, { status: 'ok' });
    const all = crew.reports().map(({ lacks }) => lacks);
    const ready = all.some((lacks) => Object.keys(lacks).length === 0);
    if (ready) return respond.json(response, 200, { status: 'ready' });
    return respond.json(response, 503, { status: 'not ready', ...(all[0] ?? { workers: 'none' }) });
  };
}
