import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import type { ServeArguments } from './command-line.ts';
import { loadConfig, loadWorkerConfig, requireConfig } from './load-config.ts';
import { version } from './manifest.ts';
import { output } from './output.ts';
import { serve } from './serve.ts';
import { logListening, serveSingleProcess } from './serve-single-process.ts';
import { serveWithWorkers } from './serve-with-workers.ts';
import type { RunningService } from './service.ts';
import { startDemo } from './start-demo.ts';
import type { WorkerOrder } from './worker.ts';

/** The command-line argument of a worker process. */
export const WORKER = 'worker';

/** Starts the server with its configuration file, or the demo without one. */
export async function startServer(from: ServeArguments): Promise<RunningService> {
  const loaded = loadConfig(from);
  const { workers } = from;
  if (!loaded) return startDemo(from);
  const reload = () => requireConfig(loadConfig(from));
  if (workers === undefined) return serveSingleProcess(loaded, reload, output);
  cluster.setupPrimary({ args: [WORKER] });
  const count = workers === 'auto' ? availableParallelism() : workers;
  return serveWithWorkers(loaded, { count, loadConfig: reload, output, exit: process.exit });
}

/** Serves as one of several workers. */
export async function openWorker({ number, requireReady, ...order }: WorkerOrder) {
  const config = loadWorkerConfig(order);
  const { log, metrics } = output.startLog(config, number);
  const running = await serve(config, { log, requireReady });
  logListening(running, { log, version });
  return { running, metrics };
}
