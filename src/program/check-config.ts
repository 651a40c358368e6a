import { SignInError } from '../errors.ts';
import type { ServeArguments } from './command-line.ts';
import { loadConfig, requireConfig } from './load-config.ts';
import { print, write } from './output.ts';

/** Prints every fault of the configuration. Sets exit code 1 if there is one. */
export function checkConfig(from: ServeArguments): undefined {
  try {
    requireConfig(loadConfig(from));
    write('The configuration has no faults.\n');
  } catch (error) {
    // Not a startup failure, so do not use the "cannot start" message of main.ts.
    if (!(error instanceof SignInError)) throw error;
    const count = Math.max(1, error.issues.length);
    print(`The configuration has ${count} ${count === 1 ? 'fault' : 'faults'}:\n${error.message}`);
    process.exitCode = 1;
  }
  return undefined;
}
