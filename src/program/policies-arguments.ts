import { didYouMean } from '../did-you-mean.ts';
import type { PoliciesCommand as FilesCommand } from '../emulator/policy-files/program.ts';
import type { RunCommand } from '../emulator/policy-runs/program.ts';

export type PoliciesCommand = FilesCommand | RunCommand;

export const POLICIES_HELP = `Usage: b2c-signin policies check FOLDER [--environment NAME] [--json | --format github]
       b2c-signin policies show FOLDER POLICY [--environment NAME] [--json]
       b2c-signin policies run FOLDER POLICY [--answers FILE] [--coverage]
                  [--environment NAME] [--json]

Reads the custom policies (TrustFramework XML) below FOLDER. "check" prints every
error and warning with file, line, rule and fix. "show" prints the merged policy,
each element with the file and line that it came from. "run" runs the journey
without a browser and prints every step, then the token, the error or the page at
which the journey waits. Exit code 0 without an error, 1 with one, 2 for wrong
usage; "run" exits with 0 only if the journey ends in a token.

  --environment NAME  values of {Settings:...} from FOLDER/appsettings.json; the
                      first environment by default
  --json              one JSON document (docs/custom-policies/)
  --format github     for "check": annotations for GitHub Actions
  --answers FILE      for "run": what the user does on each page. Several files
                      are several runs
  --coverage          for "run": prints what no run has reached`;

const ACTIONS = ['check', 'show', 'run'] as const;
const FORMATS = ['text', 'json', 'github'] as const;

interface Options {
  environment?: string | undefined;
  format?: string | undefined;
  json?: boolean | undefined;
  answers?: string[] | undefined;
  coverage?: boolean | undefined;
}

/** Reads what comes after `policies`, or returns the first error as a sentence. */
export function parsePoliciesArguments(
  [name = '', folder, policy, ...rest]: readonly string[],
  { environment, format: wanted = 'text', json, answers = [], coverage = false }: Options,
): PoliciesCommand | string {
  const action = ACTIONS.find((known) => known === name);
  if (!action) return `"policies" takes check, show or run${didYouMean(name, ACTIONS) || '.'}`;
  if (folder === undefined) return `policies ${action} takes a folder.`;
  if (action !== 'check' && policy === undefined) {
    return `policies ${action} takes a folder and a policy.`;
  }
  const extra = action === 'check' ? policy : rest[0];
  if (extra !== undefined) return `policies ${action} does not take "${extra}".`;
  const format = json ? 'json' : FORMATS.find((known) => known === wanted);
  if (!format) return `--format takes ${FORMATS.join(', ')}.`;
  if (action === 'run' && policy !== undefined) {
    const isJson = format === 'json';
    return { action, folder, policy, environment, answers, coverage, isJson };
  }
  if (answers.length > 0 || coverage)
    return '--answers and --coverage are options of policies run.';
  return { action: action === 'check' ? action : 'show', folder, policy, environment, format };
}
