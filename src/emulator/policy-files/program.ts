import { didYouMean } from '../../did-you-mean.ts';
import { AppSettingsError } from './app-settings.ts';
import { checkPolicies } from './check-policies.ts';
import { collectFaults } from './collect-faults.ts';
import { type Format, formatFaults, type Paint } from './format-faults.ts';
import { readPolicies } from './read-policies.ts';
import { mergePolicy, showAsText, toShownElement } from './show-policy.ts';

export interface PoliciesCommand {
  action: 'check' | 'show';
  folder: string;
  policy: string | undefined;
  environment: string | undefined;
  format: Format;
}

export interface PoliciesResult {
  /** For standard output; empty when there is nothing to show. */
  output: string;
  /** For standard error. */
  problem: string;
  exitCode: 0 | 1 | 2;
}

/** Runs `policies check` or `policies show`. */
export async function runPolicies(command: PoliciesCommand, paint: Paint): Promise<PoliciesResult> {
  try {
    return command.action === 'check' ? await check(command, paint) : await show(command);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    return { output: '', problem: `Cannot read the policies: ${error.message}`, exitCode: 2 };
  }
}

async function check(command: PoliciesCommand, paint: Paint): Promise<PoliciesResult> {
  const result = await checkPolicies(command);
  const output = formatFaults(result, { format: command.format, paint });
  if (result.errors.length > 0) return { output, problem: '', exitCode: 1 };
  if (result.files > 0) return { output, problem: '', exitCode: 0 };
  const problem = `There is no policy file below ${command.folder}.`;
  return { output, problem, exitCode: 2 };
}

async function show(command: PoliciesCommand): Promise<PoliciesResult> {
  const faults = collectFaults();
  const { files, chains } = await readPolicies(command, faults);
  const id = command.policy?.toLowerCase();
  const file = files.find((candidate) => candidate.id.toLowerCase() === id);
  const chain = file && chains.get(file);
  const merged = chain && mergePolicy(chain);
  if (merged) {
    const asJson = () => JSON.stringify(toShownElement(merged), undefined, 2);
    const output = command.format === 'json' ? asJson() : showAsText(merged);
    return { output, problem: '', exitCode: 0 };
  }
  const { errors } = faults.sorted();
  const ids = files.map((candidate) => candidate.id);
  const end = didYouMean(command.policy ?? '', ids) || '.';
  const missing = `There is no policy "${command.policy}" in ${command.folder}${end}`;
  const broken = `The chain of "${command.policy}" has a gap: run policies check ${command.folder}`;
  return { output: '', problem: file ? broken : missing, exitCode: errors.length > 0 ? 1 : 2 };
}

/** The folder, a file in it or the environment cannot be used. */
export const isUsageError = (error: unknown): error is Error =>
  error instanceof AppSettingsError ||
  (error instanceof Error && ('code' in error || error.message.endsWith('is no folder')));
