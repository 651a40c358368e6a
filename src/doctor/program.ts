/** The command `doctor`: runs all checks and prints them. */
import type { WriteStream } from 'node:tty';
import type { Verbosity } from '../program/command-line.ts';
import { createTerminal } from '../program/terminal.ts';
import type { Check } from './check.ts';
import { type DoctorInput, runChecks } from './doctor.ts';
import { reportText } from './report.ts';

export interface DoctorOptions extends Omit<DoctorInput, 'progress'> {
  json: boolean;
  verbosity: Verbosity;
  version: string;
  output: WriteStream;
  /** For the current step, if it is a terminal. */
  progressOutput: WriteStream;
}

/** @returns whether no check failed */
export async function runDoctor({
  json,
  verbosity,
  version,
  output,
  progressOutput,
  ...input
}: DoctorOptions): Promise<boolean> {
  const { progress } = createTerminal(progressOutput);
  const checks: Check[] = [];
  for await (const check of runChecks({
    ...input,
    progress: (subject) => verbosity === 'quiet' || progress(`  Checking ${subject} …`),
  })) {
    checks.push(check);
  }
  progress();
  const problems = checks.filter(({ status }) => status === 'warn' || status === 'fail');
  if (json) {
    output.write(jsonText(checks, verbosity === 'quiet' ? problems : checks, version));
  } else if (verbosity !== 'quiet' || problems.length > 0) {
    // With --quiet, a scheduled run without problems writes nothing, so that it sends no mail.
    const shown = verbosity === 'verbose' ? checks : problems;
    output.write(reportText(checks, shown, createTerminal(output)));
  }
  return checks.every(({ status }) => status !== 'fail');
}

function jsonText(checks: readonly Check[], shown: readonly Check[], version: string): string {
  const count = (status: Check['status']) =>
    checks.filter((check) => check.status === status).length;
  const summary = {
    ok: count('ok'),
    warn: count('warn'),
    fail: count('fail'),
    skipped: count('skipped'),
  };
  return `${JSON.stringify({ version, summary, checks: shown }, null, 2)}\n`;
}
