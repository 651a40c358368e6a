import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Text with a style where somebody looks on, and as it is everywhere else. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

export interface Terminal {
  paint: Paint;
  /** How many characters a line should have. */
  columns: number;
  /** Shows what is being done, in the place of what was shown before; without a text, nothing. */
  progress(text?: string): void;
}

type Output = Pick<WriteStream, 'isTTY' | 'hasColors' | 'columns' | 'write'>;

const COLUMNS = 100;
const ERASE_LINE = '\r\x1b[K';

/** What can be done with an output: nothing but text with `NO_COLOR`, on a dumb terminal or in a pipe. */
export function createTerminal(output: Output): Terminal {
  const isRich = output.isTTY === true && output.hasColors();
  const columns = Math.min(output.isTTY ? output.columns || COLUMNS : COLUMNS, COLUMNS);
  if (!isRich) return { paint: plain, columns, progress: () => {} };
  return {
    // `isRich` has looked at the stream that is meant; the function itself would look at stdout.
    paint: (style, text) => styleText(style, text, { validateStream: false }),
    columns,
    progress: (text = '') => output.write(`${ERASE_LINE}${text.slice(0, columns - 1)}`),
  };
}
