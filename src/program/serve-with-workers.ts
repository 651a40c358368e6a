import type { Config } from '../config/config.ts';
import { requirePath } from '../http/request.ts';
import { createResponder } from '../http/response.ts';
import type { Handler } from '../http/router.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { type OperationsListener, startOperationsListener } from '../operations/listener.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { LoadedConfig } from './load-config.ts';
import { reloadErrors, requireNoIssues, settingIssue } from './reload.ts';
import { startMessage } from './serve-single-process.ts';
import { type ProgramOutput, type RunningService, reportReload } from './service.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

export interface WorkersOptions {
  count: number;
  loadConfig: () => LoadedConfig;
  output: ProgramOutput;
  exit(code: number): void;
}

// Time for a worker in addition to the times of `stop`.
const MARGIN_MS = 3_000;

/**
 * Serves with a number of workers that share one listener. This process handles no sign-in: it reads the
 * configuration, starts and replaces workers, and serves metrics and health of all of them.
 */
export async function serveWithWorkers(
  loaded: LoadedConfig,
  { count, loadConfig, output, exit }: WorkersOptions,
): Promise<RunningService> {
  const { print, startLog, version } = output;
  let { config } = loaded;
  requireNoIssues(sharingErrors(config));
  const { log, setLevel, metrics } = startLog(config);
  const limitMs = () => {
    const { drainSeconds, graceSeconds } = config.stop;
    return 1_000 * (drainSeconds + graceSeconds) + MARGIN_MS;
  };
  const pool = createWorkerPool({
    count,
    log,
    limitMs,
    async giveUp(reason) {
      log.error('worker_crash_loop', { detail: reason });
      print(`b2c-signin gives up, because its workers exit as soon as they start: ${reason}.`);
      await stop();
      exit(1);
    },
  });
  const start = async () => {
    const address = await pool.start(loaded.order);
    return { address, operations: await startOperations(config, metrics, pool) };
  };
  const { address, operations } = await start().catch(async (error) => {
    await pool.stop();
    throw error;
  });
  const stop = async () => {
    log.info('stopping');
    await pool.stop();
    await operations?.stop(0);
    log.info('stopped');
  };
  print(startMessage(config, address, version));
  return {
    stop,
    reload: () =>
      reportReload({ print, log }, async () => {
        const next = loadConfig();
        requireNoIssues([...reloadErrors(config, next.config), ...sharingErrors(next.config)]);
        await pool.replace(next.order);
        ({ config } = next);
        setLevel(config.log.level);
      }),
    forwardSignal: pool.forwardSignal,
  };
}

const sharingErrors = ({ session }: Config) =>
  session.store.kind === 'memory'
    ? [settingIssue('session.store', 'must be shared with --workers: { "kind": "redis", … }')]
    : [];

async function startOperations(
  { operations }: Config,
  metrics: Metrics | undefined,
  pool: WorkerPool,
): Promise<OperationsListener | undefined> {
  if (!operations || !metrics) return undefined;
  return startOperationsListener(operations, {
    snapshots: () => [
      metrics.snapshot(),
      pool.countsOfExited(),
      ...pool.reports().map((r) => r.snapshot),
    ],
    health: createHealthHandler(pool),
  });
}

/** Returns the health endpoint: ready if at least one worker is ready. */
function createHealthHandler(pool: WorkerPool): Handler {
  const respond = createResponder(securityHeaders({}));
  return (request, response) => {
    if (requirePath(request) === '/healthz') return respond.json(response, 200, { status: 'ok' });
    const problems = pool.reports().map(({ readiness }) => readiness);
    const ready = problems.some((problem) => Object.keys(problem).length === 0);
    if (ready) return respond.json(response, 200, { status: 'ready' });
    return respond.json(response, 503, {
      status: 'not ready',
      ...(problems[0] ?? { workers: 'none' }),
    });
  };
}
