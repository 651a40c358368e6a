import { didYouMean } from '../did-you-mean.ts';
import type { PoliciesCommand } from '../emulator/policy-files/program.ts';

export const POLICIES_HELP = `Usage: b2c-signin policies check FOLDER [--environment NAME] [--json]
       b2c-signin policies show FOLDER POLICY [--environment NAME] [--json]

Reads the custom policies (TrustFramework XML) below FOLDER. "check" prints every
error and warning with file, line, rule and fix. "show" prints the merged policy,
each element with the file and line that it came from. Exit code 0 without an
error, 1 with one, 2 for wrong usage.

  --environment NAME  values of {Settings:...} from FOLDER/appsettings.json; the
                      first environment by default
  --json              one JSON document (docs/custom-policies.md)
  --format github     for "check": annotations for GitHub Actions`;

const ACTIONS = ['check', 'show'] as const;
const FORMATS = ['text', 'json', 'github'] as const;

interface Options {
  environment?: string | undefined;
  format?: string | undefined;
  json?: boolean | undefined;
}

/** Reads what comes after `policies`, or returns a sentence that says what is wrong with it. */
export function parsePoliciesArguments(
  [name = '', folder, policy, ...rest]: readonly string[],
  { environment, format: wanted = 'text', json }: Options,
): PoliciesCommand | string {
  const action = ACTIONS.find((known) => known === name);
  if (!action) return `"policies" takes check or show${didYouMean(name, ACTIONS) || '.'}`;
  if (folder === undefined) return `policies ${action} takes a folder.`;
  if (action === 'show' && policy === undefined)
    return 'policies show takes a folder and a policy.';
  const extra = action === 'check' ? policy : rest[0];
  if (extra !== undefined) return `policies ${action} does not take "${extra}".`;
  const format = json ? 'json' : FORMATS.find((known) => known === wanted);
  if (!format) return `--format takes ${FORMATS.join(', ')}.`;
  return { action, folder, policy, environment, format };
}
