import type { Paint, Style } from '../program/terminal.ts';
import type { Check, Status } from './check.ts';

/** Mark, word and color of each status. No single one of them carries the meaning alone. */
const MARKS: Record<Status, { mark: string; word: string; style: Style }> = {
  ok: { mark: '✓', word: 'OK', style: 'green' },
  warn: { mark: '!', word: 'WARN', style: 'yellow' },
  fail: { mark: '✗', word: 'FAIL', style: 'red' },
  skipped: { mark: '-', word: 'SKIP', style: 'dim' },
};

const INDENT = ' '.repeat(9);

/** Problems come first, because they need the operator. */
const ORDER: readonly Status[] = ['fail', 'warn', 'skipped', 'ok'];

interface Format {
  paint: Paint;
  columns: number;
}

/** The shown checks, failures and warnings first, and the number of all checks by status. */
export function reportText(
  checks: readonly Check[],
  shown: readonly Check[],
  format: Format,
): string {
  const sorted = ORDER.flatMap((status) => shown.filter((check) => check.status === status));
  const texts = sorted.map((check) => checkText(check, format)).join('');
  const isWhole = shown.length === checks.length;
  return `\n${texts}${texts && '\n'}${summaryText(checks, isWhole)}\n`;
}

/** One check as text: a line with the result, then what to do and where. */
function checkText(
  { status, detail, fix, portal, ...check }: Check,
  { paint, columns }: Format,
): string {
  const { mark, word, style } = MARKS[status];
  const label = `${mark} ${word.padEnd(4)}`;
  const lines = wrap(`${nameOf(check)}: ${detail}`, columns - INDENT.length);
  const more = [fix && `Fix: ${fix}`, portal && `Where: ${portal}`].flatMap((text) =>
    text ? wrap(text, columns - INDENT.length - 2).map((line) => `  ${line}`) : [],
  );
  const [first = '', ...rest] = [...lines, ...more];
  return [`  ${paint(style, label)} ${first}`, ...rest.map((line) => INDENT + line), ''].join('\n');
}

function summaryText(checks: readonly Check[], isWhole: boolean): string {
  const count = (status: Status) => checks.filter((check) => check.status === status).length;
  const warnings = count('warn');
  return (
    `  ${count('fail')} failed, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ` +
    `${count('ok')} OK, ${count('skipped')} skipped.` +
    `${isWhole ? '' : ' --verbose lists all checks.'} docs/doctor.md explains each one.\n`
  );
}

const nameOf = ({ title, target }: Pick<Check, 'title' | 'target'>) =>
  target ? `${title} (${target})` : title;

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
