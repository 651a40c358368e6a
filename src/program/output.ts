import { describeThrown } from '../errors.ts';
import { createLog } from '../log/log.ts';
import { rateLimitLog } from '../log/log-rate-limit.ts';
import { createLogLevelControl } from '../operations/log-level.ts';
import { createMetrics } from '../operations/metrics.ts';
import { createLineWriter } from './line-writer.ts';
import { version } from './manifest.ts';
import type { ProgramOutput } from './service.ts';

/** Writes to stdout: log lines and the result of a command. */
export const write = createLineWriter(process.stdout);
const writeError = createLineWriter(process.stderr);

/** Writes a message for the operator to stderr. */
export const print = (text: string): void => writeError(`${text}\n`);

// Replaced as soon as there is a log.
let report = (thrown: unknown) => print(`Unexpected: ${describeThrown(thrown)}`);

export const output: ProgramOutput = {
  env: process.env,
  version,
  print,
  startLog(config, worker) {
    const { level } = config.log;
    const metrics = config.operations && createMetrics({ version, config, system: process });
    const written = createLog({ level, write, worker });
    const levelControl = createLogLevelControl(written, { level });
    // Windows has no such signal; this listener then has no effect.
    process.on('SIGUSR2', (signal) => levelControl.raise(signal));
    const limited = rateLimitLog(written);
    const log = metrics?.log(limited) ?? limited;
    report = (thrown) => log.error('unexpected_error', { detail: describeThrown(thrown) });
    return { log, metrics, setLevel: levelControl.set };
  },
};

/**
 * Logs errors that nothing caught, and keeps the process running: they are bugs of this program, but
 * exiting would sign out all users whose sessions are in memory.
 */
export function logUncaughtErrors(): void {
  process.on('uncaughtException', (error) => report(error));
  process.on('unhandledRejection', (reason) => report(reason));
}
