import type { Paint, Style } from '../program/terminal.ts';
import type { Check, Outcome } from './check.ts';

/** Sign, word and colour of each outcome: none of them alone carries the meaning. */
const MARKS: Record<Outcome, { mark: string; word: string; style: Style }> = {
  ok: { mark: '✓', word: 'ok', style: 'green' },
  warn: { mark: '!', word: 'look', style: 'yellow' },
  mend: { mark: '✗', word: 'mend', style: 'red' },
  skipped: { mark: '-', word: 'skip', style: 'dim' },
};

const INDENT = ' '.repeat(9);

/** One check for people: a line, and what to do under it. */
export function checkText(
  { outcome, detail, mend, place, ...check }: Check,
  { paint, columns }: { paint: Paint; columns: number },
): string {
  const { mark, word, style } = MARKS[outcome];
  const label = `${mark} ${word.padEnd(4)}`;
  const lines = wrapped(`${nameOf(check)}: ${detail}`, columns - INDENT.length);
  const more = [mend, place && `Where: ${place}`].flatMap((text) =>
    text ? wrapped(text, columns - INDENT.length - 2).map((line) => `  ${line}`) : [],
  );
  const [first = '', ...rest] = [...lines, ...more];
  return [`  ${paint(style, label)} ${first}`, ...rest.map((line) => INDENT + line), ''].join('\n');
}

/** How many of each, and once more what has to be mended: of a long list the beginning has scrolled away. */
export function summaryText(checks: readonly Check[], paint: Paint): string {
  const count = (outcome: Outcome) => checks.filter((check) => check.outcome === outcome).length;
  const { mark, style } = MARKS.mend;
  const faults = checks.filter(({ outcome }) => outcome === 'mend');
  const lines = faults.map((check) => `  ${paint(style, mark)} ${nameOf(check)}\n`);
  return (
    `  ${count('mend')} to mend, ${count('warn')} to look at, ${count('ok')} in order, ` +
    `${count('skipped')} not looked at. Each is explained in docs/doctor.md.\n` +
    (lines.length > 0 ? `\n  To mend:\n${lines.join('')}` : '')
  );
}

const nameOf = ({ title, about }: Pick<Check, 'title' | 'about'>) =>
  about ? `${title} (${about})` : title;

function wrapped(text: string, width: number): string[] {
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
