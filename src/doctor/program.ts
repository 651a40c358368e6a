/** The command `doctor`: runs all checks and prints them. */
import type { WriteStream } from 'node:tty';
import { createTerminal } from '../program/terminal.ts';
import type { Check } from './check.ts';
import { type DoctorInput, runChecks } from './doctor.ts';
import { checkText, summaryText } from './report.ts';

export interface DoctorOptions extends Omit<DoctorInput, 'progress'> {
  json: boolean;
  version: string;
  output: WriteStream;
  /** For the current step, if it is a terminal. */
  progressOutput: WriteStream;
}

/** @returns whether no check failed */
export async function runDoctor({
  json,
  version,
  output,
  progressOutput,
  ...input
}: DoctorOptions): Promise<boolean> {
  const terminal = createTerminal(output);
  const { progress } = createTerminal(progressOutput);
  const checks: Check[] = [];
  if (!json) output.write('\n');
  for await (const check of runChecks({
    ...input,
    progress: (subject) => progress(`  Checking ${subject} …`),
  })) {
    checks.push(check);
    if (json) continue;
    progress();
    output.write(checkText(check, terminal));
  }
  progress();
  output.write(json ? jsonText(checks, version) : `\n${summaryText(checks, terminal.paint)}\n`);
  return checks.every(({ status }) => status !== 'fail');
}

function jsonText(checks: readonly Check[], version: string): string {
  const count = (status: Check['status']) =>
    checks.filter((check) => check.status === status).length;
  const summary = {
    ok: count('ok'),
    warn: count('warn'),
    fail: count('fail'),
    skipped: count('skipped'),
  };
  return `${JSON.stringify({ version, summary, checks }, null, 2)}\n`;
}
