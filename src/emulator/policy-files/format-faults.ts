import { compareOrigins } from './collect-faults.ts';
import { type PolicyFault, RULES, type Severity } from './rules.ts';

export interface CheckResult {
  /** How many policy files were read. */
  readonly files: number;
  readonly errors: readonly PolicyFault[];
  readonly warnings: readonly PolicyFault[];
}

export type Format = 'text' | 'json' | 'github';

/** Colors a text for the terminal. */
export type Paint = (
  style: 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold',
  text: string,
) => string;

export function formatFaults(
  result: CheckResult,
  { format, paint }: { format: Format; paint: Paint },
): string {
  if (format === 'json') return JSON.stringify(result, undefined, 2);
  const faults = [...result.errors, ...result.warnings].sort(compareOrigins);
  const lines = faults.map((fault) =>
    format === 'github' ? annotation(fault) : faultLine(fault, paint),
  );
  return [...lines, summary(result)].join('\n');
}

/** `file:line:column` is what editors and terminals turn into a link. */
function faultLine(fault: PolicyFault, paint: Paint): string {
  const { file, line, column, rule, message, fix } = fault;
  const severity = severityOf(fault);
  const name = paint(severity === 'error' ? 'red' : 'yellow', severity);
  const place = paint('bold', `${file}:${line}:${column}:`);
  return `${place} ${name} ${rule} ${message} ${paint('dim', `Fix: ${fix}`)}`;
}

/** A workflow command of GitHub Actions, which shows the message at the line in a pull request. */
function annotation(fault: PolicyFault): string {
  const { file, line, column, rule, message, fix } = fault;
  const place = `file=${property(file)},line=${line},col=${column},title=${property(rule)}`;
  return `::${severityOf(fault)} ${place}::${data(`${message} Fix: ${fix}`)}`;
}

const data = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function summary({ files, errors, warnings }: CheckResult): string {
  const counted = [
    count(files, 'policy file'),
    count(errors.length, 'error'),
    count(warnings.length, 'warning'),
  ];
  return counted.join(', ');
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

const severityOf = ({ rule }: PolicyFault): Severity => RULES[rule].severity;
