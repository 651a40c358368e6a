/** The command `doctor`: runs all checks and prints them. */
import type { WriteStream } from 'node:tty';
import { createTerminal } from '../program/terminal.ts';
import type { Check } from './check.ts';
import { type DoctorInput, runChecks } from './doctor.ts';
import { checkText, summaryText } from './report.ts';

export interface DoctorOptions extends Omit<DoctorInput, 'progress'> {
  json: boolean;
  /** Whether only checks that did not pass are printed. */
  quiet: boolean;
  version: string;
  output: WriteStream;
  /** For the current step, if it is a terminal. */
  progressOutput: WriteStream;
}

/** @returns whether no check failed */
export async function runDoctor({
  json,
  quiet,
  version,
  output,
  progressOutput,
  ...input
}: DoctorOptions): Promise<boolean> {
  const terminal = createTerminal(output);
  const { progress } = createTerminal(progressOutput);
  const isShown = ({ status }: Check) => !quiet || status === 'warn' || status === 'fail';
  const checks: Check[] = [];
  let isBlank = true;
  for await (const check of runChecks({
    ...input,
    progress: (subject) => quiet || progress(`  Checking ${subject} …`),
  })) {
    checks.push(check);
    if (json || !isShown(check)) continue;
    progress();
    output.write((isBlank ? '\n' : '') + checkText(check, terminal));
    isBlank = false;
  }
  progress();
  if (json) output.write(jsonText(checks, { version, isShown }));
  // With --quiet, a scheduled run without problems writes nothing, so that it sends no mail.
  else if (!isBlank) output.write(`\n${summaryText(checks, terminal.paint)}\n`);
  return checks.every(({ status }) => status !== 'fail');
}

function jsonText(
  checks: readonly Check[],
  { version, isShown }: { version: string; isShown: (check: Check) => boolean },
): string {
  const count = (status: Check['status']) =>
    checks.filter((check) => check.status === status).length;
  const summary = {
    ok: count('ok'),
    warn: count('warn'),
    fail: count('fail'),
    skipped: count('skipped'),
  };
  const shown = checks.filter(isShown);
  return `${JSON.stringify({ version, summary, checks: shown }, null, 2)}\n`;
}
