import { formatIssues } from '../config/issues.ts';
import { SignInError } from '../errors.ts';
import type { ServeArguments } from './command-line.ts';
import { loadConfig, requireConfig } from './load-config.ts';
import { print, write } from './output.ts';

/** Prints all errors of the configuration. Sets exit code 1 if there is one. */
export function checkConfig(from: ServeArguments): undefined {
  try {
    requireConfig(loadConfig(from));
    write('The configuration is valid.\n');
  } catch (error) {
    // Not a startup failure, so do not use the "cannot start" message of main.ts.
    if (!(error instanceof SignInError)) throw error;
    const { issues } = error;
    const count = `${issues.length} ${issues.length === 1 ? 'error' : 'errors'}`;
    print(`The configuration has ${count}:\n${formatIssues(issues)}`);
    process.exitCode = 1;
  }
  return undefined;
}
