import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Returns text with a style on a terminal, and unchanged elsewhere. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

export interface Terminal {
  paint: Paint;
  /** The maximum length of a line in characters. */
  columns: number;
  /** Shows progress on one line, replacing the previous text; without a text, clears the line. */
  progress(text?: string): void;
}

type Output = Pick<WriteStream, 'isTTY' | 'hasColors' | 'columns' | 'write'>;

const COLUMNS = 100;
const ERASE_LINE = '\r\x1b[K';

/** Detects what an output supports: plain text only with `NO_COLOR`, on a dumb terminal or in a pipe. */
export function createTerminal(output: Output): Terminal {
  const isRich = output.isTTY === true && output.hasColors();
  const columns = Math.min(output.isTTY ? output.columns || COLUMNS : COLUMNS, COLUMNS);
  if (!isRich) return { paint: plain, columns, progress: () => {} };
  return {
    // `isRich` has checked this stream; the function itself would check stdout.
    paint: (style, text) => styleText(style, text, { validateStream: false }),
    columns,
    progress: (text = '') => output.write(`${ERASE_LINE}${text.slice(0, columns - 1)}`),
  };
}
