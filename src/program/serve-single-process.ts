import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { warnOfReplicas } from './replicas.ts';
import { type Running, serve } from './serve.ts';
import { type ProgramOutput, type RunningService, reportReload } from './service.ts';

/** Serves with a configuration; `load` reads it again at each reload. */
export async function serveSingleProcess(
  { config }: { config: Config },
  load: () => { config: Config },
  { env, print, startLog, version }: ProgramOutput,
): Promise<RunningService> {
  const { log, setLevel, metrics } = startLog(config);
  warnOfReplicas(config, { env, log });
  const running = await serve(config, { log, metrics });
  logListening(running, { log, version });
  print(startMessage(config, running.address, version));
  return {
    async stop() {
      log.info('stopping');
      await running.stop();
      log.info('stopped');
    },
    reload: () =>
      reportReload({ print, log }, async () => {
        const { config: next } = load();
        await running.reload(next);
        setLevel(next.log.level);
      }),
  };
}

export function logListening(
  { address: { address, port } }: Running,
  { log, version }: { log: Log; version: string },
): void {
  log.info('listening', { address: `${address}:${port}`, version });
}

/** The message that a server has started. */
export function startMessage(
  { baseUrl, gate }: Config,
  { address, port }: { address: string; port: number },
  version: string,
): string {
  const lines = [`b2c-signin ${version} serves ${baseUrl.origin} on ${address}, port ${port}.`];
  if (baseUrl.protocol === 'http:' && Number(baseUrl.port || 80) !== port) {
    const otherwise = `start with --port ${baseUrl.port || 80}`;
    lines.push(
      // With a gate, browsers connect to the reverse proxy.
      gate
        ? `The reverse proxy of the gate must listen on ${baseUrl.host}; without one, ${otherwise}.`
        : `Warning: it listens on port ${port}, but baseUrl is ${baseUrl.origin}: ${otherwise}, or run a reverse proxy there.`,
    );
  }
  return lines.join('\n');
}
