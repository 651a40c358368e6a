/** The command `policies run`. */
import { readFile } from 'node:fs/promises';
import type { Paint } from '../policy-files/format-faults.ts';
import { isUsageError, type PoliciesResult } from '../policy-files/program.ts';
import { type Answer, AnswerError } from './answers.ts';
import { policyCoverage } from './coverage.ts';
import { formatRun } from './format-run.ts';
import { loadPolicy, PolicyError } from './load-policy.ts';
import { type PolicyRun, runLoadedPolicy } from './run-policy.ts';

export interface RunCommand {
  action: 'run';
  folder: string;
  policy: string;
  environment: string | undefined;
  /** Files with answers: one run each. */
  answers: readonly string[];
  coverage: boolean;
  isJson: boolean;
}

/** Runs a policy with each file of answers. Exit code 0 if all runs end in a token, 2 for wrong usage. */
export async function runPolicyCommand(command: RunCommand, paint: Paint): Promise<PoliciesResult> {
  try {
    const lists =
      command.answers.length === 0 ? [[]] : await Promise.all(command.answers.map(readAnswers));
    const policy = await loadPolicy(command);
    const runs: PolicyRun[] = [];
    for (const answers of lists) runs.push(await runLoadedPolicy(policy, { answers }));
    const isDone = runs.every(
      ({ outcome, problem }) => outcome === 'token' && problem === undefined,
    );
    return { output: format(runs, command, paint), problem: '', exitCode: isDone ? 0 : 1 };
  } catch (error) {
    if (error instanceof PolicyError) {
      return { output: '', problem: error.message, exitCode: error.faults ? 1 : 2 };
    }
    if (!(error instanceof AnswerError) && !isUsageError(error)) throw error;
    return { output: '', problem: error.message, exitCode: 2 };
  }
}

async function readAnswers(file: string): Promise<readonly Answer[]> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as Answer[];
  } catch (error) {
    throw new AnswerError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function format(
  runs: readonly PolicyRun[],
  { isJson, coverage }: RunCommand,
  paint: Paint,
): string {
  if (isJson) return JSON.stringify(runs.length === 1 ? runs[0] : runs, undefined, 2);
  const texts = runs.map((run) => formatRun(run, paint));
  return [...texts, ...(coverage ? [policyCoverage(runs).text] : [])].join('\n\n');
}
