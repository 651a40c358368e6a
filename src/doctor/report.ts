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

/** One check as text: a line with the result, then what to do and where. */
export function checkText(
  { status, detail, fix, portal, ...check }: Check,
  { paint, columns }: { paint: Paint; columns: number },
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

/** The number of checks by status, and the failed ones again: a long list has scrolled away. */
export function summaryText(checks: readonly Check[], paint: Paint): string {
  const count = (status: Status) => checks.filter((check) => check.status === status).length;
  const { mark, style } = MARKS.fail;
  const failed = checks.filter(({ status }) => status === 'fail');
  const lines = failed.map((check) => `  ${paint(style, mark)} ${nameOf(check)}\n`);
  const warnings = count('warn');
  return (
    `  ${count('fail')} failed, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ` +
    `${count('ok')} OK, ${count('skipped')} skipped. docs/doctor.md explains each check.\n` +
    (lines.length > 0 ? `\n  Failed:\n${lines.join('')}` : '')
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
