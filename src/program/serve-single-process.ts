import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { type Running, serve } from './serve.ts';
import { type ProgramOutput, type RunningService, reportReload } from './service.ts';

/** Serves with a configuration, and with what `read` gives at each reload. */
export async function serveSingleProcess(
  { config }: { config: Config },
  read: () => { config: Config },
  { print, startLog, version }: ProgramOutput,
): Promise<RunningService> {
  const { log, setLevel, metrics } = startLog(config);
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
        const { config: next } = read();
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

/** What the terminal says when a server with a configuration has started. */
export function startMessage(
  { baseUrl, gate }: Config,
  { address, port }: { address: string; port: number },
  version: string,
): string {
  const lines = [
    `b2c-signin ${version} answers for ${baseUrl.origin} on ${address}, port ${port}.`,
  ];
  if (baseUrl.protocol === 'http:' && Number(baseUrl.port || 80) !== port) {
    const otherwise = `start with --port ${baseUrl.port || 80}`;
    lines.push(
      // The proxy of a gate is where people come.
      gate
        ? `The gate's proxy has to listen on ${baseUrl.host}; without one, ${otherwise}.`
        : `Attention: it listens on port ${port}, but baseUrl says ${baseUrl.origin}: ${otherwise}, or put a proxy there.`,
    );
  }
  return lines.join('\n');
}
