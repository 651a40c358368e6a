import cluster, { type Worker } from 'node:cluster';
import { SignInError } from '../errors.ts';
import { parseCommandLine } from './command-line.ts';
import { version } from './manifest.ts';
import { logUncaughtErrors, print } from './output.ts';
import { runCommand } from './run-command.ts';
import { startErrorMessage } from './service.ts';
import { handleSignals } from './signals.ts';
import { openWorker, WORKER } from './start-server.ts';
import { runWorker } from './worker.ts';

/** Runs as a worker of another process of this program. Signals of a terminal reach both processes. */
function runAsWorker(channel: Worker): void {
  const stop = runWorker({ channel, open: openWorker, exit: process.exit });
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  logUncaughtErrors();
}

async function runPrimary(): Promise<void> {
  const starting = runCommand(parseCommandLine(process.argv.slice(2), version));
  handleSignals(starting);
  try {
    await starting;
    logUncaughtErrors();
  } catch (error) {
    const separator = error instanceof SignInError ? '\n' : ' ';
    print(`b2c-signin cannot start:${separator}${startErrorMessage(error)}`);
    process.exitCode = 1;
  }
}

// Without a listener, SIGUSR1 makes Node open its debugger on loopback, where every user of this machine can
// connect and run code in this process. Windows has no such signal.
process.on('SIGUSR1', () => {});

const { worker } = cluster;
if (worker && process.argv[2] === WORKER) runAsWorker(worker);
else await runPrimary();
