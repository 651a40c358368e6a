import type { Config } from '../config/config.ts';
import { describeThrown, SignInError } from '../errors.ts';
import type { Log, LogLevel } from '../log/log.ts';
import type { Metrics } from '../operations/metrics.ts';

/** A started server, demo or emulator. */
export interface RunningService {
  stop(): Promise<void>;
  /** Reads its configuration again. Never throws: it reports the result. */
  reload?(): Promise<void>;
  /** Sends a signal to its worker processes. */
  forwardSignal?(signal: NodeJS.Signals): void;
}

/** A started log. */
export interface RunningLog {
  log: Log;
  setLevel(level: LogLevel): void;
  /** Present if the configuration has `operations`. */
  metrics: Metrics | undefined;
}

/** Messages and log of the program. */
export interface ProgramOutput {
  /** The environment variables of the process. */
  env: Readonly<Record<string, string | undefined>>;
  version: string;
  /** Prints a message for the operator. */
  print(text: string): void;
  startLog(config: Config, worker?: number): RunningLog;
}

/** Returns why the start failed, for the operator. */
export function startErrorMessage(error: unknown): string {
  if (error instanceof SignInError) return error.message;
  const { code, port, address, message } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'EADDRINUSE') {
    return `Cannot listen on ${address}: port ${port} is in use, perhaps by another b2c-signin. Choose another one with --port.`;
  }
  if (code === 'EACCES')
    return `Cannot listen on ${address}, port ${port}: permission denied. Use a port of 1024 or above, or grant CAP_NET_BIND_SERVICE.`;
  return message;
}

/** Reloads the configuration, and reports the result to the operator and in the log. */
export async function reportReload(
  { print, log }: { print: ProgramOutput['print']; log: Log },
  reload: () => Promise<void>,
): Promise<void> {
  try {
    await reload();
    log.info('config_reloaded');
    print('The configuration was read again and has taken effect.');
  } catch (error) {
    const detail = error instanceof SignInError ? error.message : describeThrown(error);
    log.error('config_refused', { detail });
    print(
      `The configuration was read again and rejected; the server keeps its previous one:\n${startErrorMessage(error)}`,
    );
  }
}
