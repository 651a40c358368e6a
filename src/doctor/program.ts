/** The command `doctor`: options in, a list of checks out. */
import type { WriteStream } from 'node:tty';
import { createTerminal } from '../program/terminal.ts';
import type { Check } from './check.ts';
import { type Examination, examine } from './doctor.ts';
import { checkText, summaryText } from './report.ts';

export interface DoctorOptions extends Omit<Examination, 'progress'> {
  json: boolean;
  version: string;
  output: WriteStream;
  /** Where it is told what is looked at, while somebody waits. */
  progressOutput: WriteStream;
}

/** @returns whether nothing has to be mended */
export async function runDoctor({
  json,
  version,
  output,
  progressOutput,
  ...examination
}: DoctorOptions): Promise<boolean> {
  const terminal = createTerminal(output);
  const { progress } = createTerminal(progressOutput);
  const checks: Check[] = [];
  if (!json) output.write('\n');
  for await (const check of examine({
    ...examination,
    progress: (what) => progress(`  Looking at ${what} …`),
  })) {
    checks.push(check);
    if (json) continue;
    progress();
    output.write(checkText(check, terminal));
  }
  progress();
  output.write(json ? jsonText(checks, version) : `\n${summaryText(checks, terminal.paint)}\n`);
  return checks.every(({ outcome }) => outcome !== 'mend');
}

function jsonText(checks: readonly Check[], version: string): string {
  const count = (outcome: Check['outcome']) =>
    checks.filter((check) => check.outcome === outcome).length;
  const summary = {
    ok: count('ok'),
    warn: count('warn'),
    mend: count('mend'),
    skipped: count('skipped'),
  };
  return `${JSON.stringify({ version, summary, checks }, null, 2)}\n`;
}
