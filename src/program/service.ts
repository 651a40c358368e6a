import type { Config } from '../config/config.ts';
import { describeThrown, SignInError } from '../errors.ts';
import type { Log, LogLevel } from '../log/log.ts';
import type { Metrics } from '../operations/metrics.ts';

/** Something that was started, and what it can be asked to do. */
export interface RunningService {
  stop(): Promise<void>;
  /** Reads its configuration again. Never fails: it says what came of it. */
  reload?(): Promise<void>;
  /** For signals that other processes of it want to hear too. */
  forwardSignal?(signal: NodeJS.Signals): void;
}

/** A log that runs. */
export interface RunningLog {
  log: Log;
  setLevel(level: LogLevel): void;
  /** What counts, where the configuration has `operations`. */
  metrics: Metrics | undefined;
}

/** Where a program says what it does. */
export interface ProgramOutput {
  version: string;
  /** For the people at the terminal. */
  print(text: string): void;
  startLog(config: Config, worker?: number): RunningLog;
}

/** Why something could not be started, for people. */
export function startErrorMessage(error: unknown): string {
  if (error instanceof SignInError) return error.message;
  const { code, port, address, message } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is taken, perhaps by another b2c-signin. Choose another one with --port.`;
  }
  if (code === 'EACCES') return `Port ${port} on ${address} is not allowed to this user.`;
  return message;
}

/** Reads and takes up a configuration, and says for people and in the log what has come of it. */
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
      `The configuration was read again and refused; all goes on as before:\n${startErrorMessage(error)}`,
    );
  }
}
