import cluster from 'node:cluster';
import type { RunningService } from './service.ts';

/** Handles signals from the start on: a service that is still starting is stopped once it has started. */
export function handleSignals(starting: Promise<RunningService | undefined>): void {
  const getService = () => starting.catch(() => undefined);
  let stopping = false;
  const stop = async () => {
    // A second signal stops at once.
    if (stopping) {
      for (const worker of Object.values(cluster.workers ?? {})) worker?.kill('SIGKILL');
      process.exit(1);
    }
    stopping = true;
    await (await getService())?.stop();
    process.exit(0);
  };
  let reloaded = Promise.resolve();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGUSR2', async (signal) => (await getService())?.forwardSignal?.(signal));
  process.on('SIGHUP', async () => {
    const reload = (await getService())?.reload;
    // The demo and the emulator cannot reload; on SIGHUP (terminal closed) they stop.
    if (!reload) return stop();
    if (!stopping) reloaded = reloaded.then(reload);
    return undefined;
  });
}
